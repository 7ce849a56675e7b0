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
        password = fields.secret("password", bytes: 8...Bcrypt.maxPasswordBytes)
        firstName = fields.value("firstName", PersonName())
        lastName = fields.value("lastName", PersonName())
    }

    static func endpoint(_ passwords: PasswordHasher, _ tokens: TokenIssuer) -> Endpoint {
        Endpoint("users.register", { (fields: inout Fields) in Registration(&fields) }) { request, context in
            try await request.answer(context, passwords, tokens)
        }
    }

    private static let insert: Statement = """
        INSERT INTO users (id, email, password_hash, first_name, last_name, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 1)
        """
    private static let emailIndex = "users_email_key"

    @Reactor
    private func answer(
        _ context: Context, _ passwords: PasswordHasher, _ tokens: TokenIssuer
    ) async throws -> Reply {
        let hash = try await passwords.hash(password, until: context.deadline)
        let id = UUIDv7.next()
        let now = Timestamp.now()
        let (token, recording) = try tokens.issue(for: id, email: email, at: now)
        let insertion = Query(
            Self.insert, .uuid(id), .text(email), .text(hash), .text(firstName), .text(lastName),
            .timestamp(now.microseconds))
        let created = NewEvent("USER_CREATED", of: id, version: 1, at: now) { json in
            json.field("userId", id)
            json.field("email", email)
            json.field("firstName", firstName)
            json.field("lastName", lastName)
        }
        let reply = Reply.object { json in
            json.object("user") { json in
                json.field("id", id)
                json.field("email", email)
                json.field("firstName", firstName)
                json.field("lastName", lastName)
                json.field("createdAt", now)
            }
            json.field("token", token)
        }
        do {
            try await context.commit([insertion, recording], events: [created], reply: reply)
        } catch let error as PostgresError where error.isUniqueViolation && error.constraint == Self.emailIndex {
            throw ServiceError(409, "email-taken", "there is an account with this e-mail address; log in instead")
        }
        return reply
    }
}
