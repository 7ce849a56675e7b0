import FoundationEssentials
import Worker

/// `users.update`: an account's own data, as a whole. Another address has to be proven anew and needs the password: with it a
/// stolen access token would be the whole account.
struct UpdateAccount: Sendable {
    let passwords: PasswordHasher

    private struct Request: Sendable {
        let id: UUID
        let email: String
        let firstName: String
        let lastName: String
        let phone: String?
        let dateOfBirth: String?
        let password: String?

        init(_ fields: inout Fields) {
            id = fields.uuid("id")
            email = fields.email("email").lowercased()
            firstName = fields.value("firstName", PersonName())
            lastName = fields.value("lastName", PersonName())
            phone = fields.optionalValue("phone", PhoneNumber())
            dateOfBirth = fields.optionalValue("dateOfBirth", BirthDate())
            password = fields.optionalValue("currentPassword", SecretRule(bytes: 1...Bcrypt.maxPasswordBytes))
        }

        func isLike(_ account: Account) -> Bool {
            email == account.email && firstName == account.firstName && lastName == account.lastName
                && phone == account.phone && dateOfBirth == account.dateOfBirth
        }
    }

    private static let update = Statement(
        """
        UPDATE users SET email = $2, first_name = $3, last_name = $4, phone = $5, date_of_birth = $6::text::date,
            email_verified = email_verified AND email = $2
        WHERE id = $1
        """)
    private static let use: Statement = "SELECT count_use($1, 5, interval '1 hour')"
    private static let emailIndex = "users_email_key"

    var endpoint: Endpoint {
        Endpoint("users.update", { (fields: inout Fields) in Request(&fields) }) { try await answer($0, $1) }
    }

    @Reactor
    private func answer(_ request: Request, _ context: Context) async throws -> Reply {
        try context.caller.mayChange(request.id)
        guard let seen = try await Account.find(request.id, context) else { throw Caller.notFound(request.id) }
        var settling: Query?
        if request.email != seen.email { settling = try await allowNewAddress(request, context) }
        var first: Account? = seen
        do {
            return try await context.change({
                if let account = first.take() { return account }
                return try await Account.find(request.id, context)
            }) { change in
                guard change.account.email == seen.email else {
                    throw ServiceError.unavailable("the account has been changed meanwhile; try again")
                }
                if let settling { change.add(settling) }
                apply(request, to: &change)
                return Self.reply(request, change.account)
            }
        } catch let error as PostgresError where error.isUniqueViolation && error.constraint == Self.emailIndex {
            throw ServiceError(409, "email-taken", "there is another account with this e-mail address")
        }
    }

    /// - Returns: what forgets the count of the password's tries.
    @Reactor
    private func allowNewAddress(_ request: Request, _ context: Context) async throws -> Query? {
        guard context.caller != .internal else { return nil }
        guard let password = request.password else {
            throw ServiceError.invalid("/currentPassword", "is missing; another e-mail address needs it")
        }
        let (_, settling) = try await PasswordCheck(passwords: passwords).account(
            request.id, password: password, context)
        // That an address is taken shows here, too: so it takes an account and is counted.
        let key = AttemptKey.account("new address", request.id.text)
        let wait_s = try await context.query(Self.use, .bytes(key)).first?.double(0) ?? 0
        guard wait_s == 0 else { throw ServiceError.tooManyAttempts(wait_s: wait_s) }
        return settling
    }

    private func apply(_ request: Request, to change: inout AccountChange) {
        let account = change.account
        guard !request.isLike(account) else { return }
        change.add(
            Query(
                Self.update, .uuid(account.id), .text(request.email), .text(request.firstName),
                .text(request.lastName), .text(request.phone), .text(request.dateOfBirth)))
        change.tell("USER_UPDATED") { json in
            json.field("email", request.email)
            json.field("firstName", request.firstName)
            json.field("lastName", request.lastName)
        }
        if request.email != account.email { change.request(.verifyEmail, email: request.email) }
    }

    private static func reply(_ request: Request, _ account: Account) -> Reply {
        .object { json in
            json.field("id", account.id)
            json.field("email", request.email)
            json.field("firstName", request.firstName)
            json.field("lastName", request.lastName)
            json.field("createdAt", account.createdAt)
            json.field("emailVerified", account.emailVerified && request.email == account.email)
            json.field("status", account.status)
            json.field("role", account.role.rawValue)
            json.fieldIfPresent("phone", request.phone)
            json.fieldIfPresent("dateOfBirth", request.dateOfBirth)
            json.fieldIfPresent("lastLogin", account.lastLogin)
        }
    }
}
