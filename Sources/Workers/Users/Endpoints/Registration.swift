import FoundationEssentials
import Worker

/// `users.register`: a new account, and the first token for it.
struct Registration {
    let email: String
    let password: String
    let firstName: String
    let lastName: String

    init(_ fields: inout Fields) {
        email = fields.email("email").lowercased()
        password = fields.secret("password", bytes: PasswordPolicy.bytes)
        firstName = fields.value("firstName", PersonName())
        lastName = fields.value("lastName", PersonName())
    }

    static func endpoint(
        _ passwords: PasswordHasher, _ tokens: TokenIssuer, perHour: Int
    ) -> Endpoint {
        Endpoint("users.register", { (fields: inout Fields) in Registration(&fields) }) { request, context in
            try PasswordPolicy.check(request.password, field: "password", email: request.email)
            try await count(context, perHour)
            return try await request.answer(context, passwords, tokens)
        }
    }

    private static let use: Statement = "SELECT count_use($1, $2::int, interval '1 hour')"

    /// Whether an address has an account shows here: so a client gets to try some addresses in an hour, and no more.
    @Reactor
    private static func count(_ context: Context, _ perHour: Int) async throws {
        guard perHour > 0, context.caller != .internal,
            let client = AttemptKey.client("registration", context.visitor),
            let row = try await context.query(use, .bytes(client), .int(perHour)).first
        else { return }
        let wait_s = try row.double(0)
        guard wait_s == 0 else { throw ServiceError.tooManyAttempts(wait_s: wait_s) }
    }

    private static let insert: Statement = """
        INSERT INTO users (id, email, password_hash, first_name, last_name, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 2)
        """
    private static let emailIndex = "users_email_key"

    @Reactor
    private func answer(
        _ context: Context, _ passwords: PasswordHasher, _ tokens: TokenIssuer
    ) async throws -> Reply {
        let hash = try await passwords.hash(password, until: context.deadline)
        let id = UUIDv7.next()
        let now = Timestamp.now()
        let (grant, recording) = try tokens.open(
            for: id, email: email, role: .customer, context.visitor, at: now)
        let link = AccountToken(id: UUIDv7.next(), purpose: .verifyEmail)
        let insertion = Query(
            Self.insert, .uuid(id), .text(email), .text(hash), .text(firstName), .text(lastName),
            .timestamp(now.microseconds))
        let created = NewEvent("USER_CREATED", of: id, version: 1, at: now) { json in
            json.field("userId", id)
            json.field("email", email)
            json.field("firstName", firstName)
            json.field("lastName", lastName)
        }
        let requested = NewEvent("USER_VERIFICATION_REQUESTED", of: id, version: 2, at: now) { json in
            json.field("userId", id)
            json.field("tokenId", link.id)
        }
        let reply = Reply.object { json in
            json.object("user") { json in
                json.field("id", id)
                json.field("email", email)
                json.field("firstName", firstName)
                json.field("lastName", lastName)
                json.field("createdAt", now)
                json.field("emailVerified", false)
                json.field("status", "active")
                json.field("role", TokenSigner.Role.customer.rawValue)
            }
            grant.write(to: &json)
        }
        do {
            try await context.commit(
                [insertion, recording] + AccountTokens.issuing(link, to: id, email: email, at: now),
                events: [created, requested], reply: reply)
        } catch let error as PostgresError where error.isUniqueViolation && error.constraint == Self.emailIndex {
            throw ServiceError(409, "email-taken", "there is an account with this e-mail address; log in instead")
        }
        return reply
    }
}
