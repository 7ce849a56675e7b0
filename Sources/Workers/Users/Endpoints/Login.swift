import FoundationEssentials
import Worker

/// `users.login`: a token for who knows the password.
///
/// An unknown address and a wrong password get the same answer after the same time. Only who knows the password of a
/// suspended account learns that it is suspended.
struct Login {
    let email: String
    let password: String

    init(_ fields: inout Fields) {
        email = fields.email("email").lowercased()
        password = fields.secret("password", bytes: 1...Bcrypt.maxPasswordBytes)
    }

    static func endpoint(_ passwords: PasswordHasher, _ tokens: TokenIssuer) -> Endpoint {
        Endpoint("users.login", { (fields: inout Fields) in Login(&fields) }) { request, context in
            try await request.answer(context, passwords, tokens)
        }
    }

    private static let update: Statement = """
        UPDATE users SET last_login = $2, version = $3, password_hash = coalesce($4, password_hash) WHERE id = $1
        """
    private static let refusal = ServiceError(
        401, "invalid-credentials", "the e-mail address or the password is wrong")

    @Reactor
    private func answer(
        _ context: Context, _ passwords: PasswordHasher, _ tokens: TokenIssuer
    ) async throws -> Reply {
        let found = try await Account.find(email: email, context)
        let matches = try await passwords.verify(password, against: found?.passwordHash, until: context.deadline)
        guard matches, var account = found else { throw Self.refusal }
        let stronger = try await rehashed(account, context, passwords)
        var isFirst = true
        return try await context.retryingConflicts {
            if !isFirst {
                // The password has been checked against this hash, and no other.
                guard let current = try await Account.find(email: email, context),
                    current.id == account.id, current.passwordHash == account.passwordHash
                else { throw Self.refusal }
                account = current
            }
            isFirst = false
            try account.mayLogIn()
            return try await commit(account, stronger, context, tokens)
        }
    }

    /// The password's new hash when the cost has changed since the account's was made. The old one stays for this time
    /// when the hasher is busy.
    @Reactor
    private func rehashed(_ account: Account, _ context: Context, _ passwords: PasswordHasher) async throws -> String? {
        guard Bcrypt.cost(of: account.passwordHash) != passwords.cost else { return nil }
        do {
            return try await passwords.hash(password, until: context.deadline)
        } catch let error as ServiceError where error.status == 503 && !context.deadline.hasPassed {
            return nil
        }
    }

    @Reactor
    private func commit(
        _ account: Account, _ hash: String?, _ context: Context, _ tokens: TokenIssuer
    ) async throws -> Reply {
        let now = Timestamp.now()
        let version = account.version + 1
        let (token, recording) = try tokens.issue(for: account.id, email: account.email, at: now)
        let update = Query(
            Self.update, .uuid(account.id), .timestamp(now.microseconds), .int(version), .text(hash))
        let loggedIn = NewEvent("USER_LOGIN", of: account.id, version: version, at: now) {
            $0.field("userId", account.id)
        }
        let reply = Reply.object { json in
            json.field("token", token)
            json.object("user") { json in
                json.field("id", account.id)
                json.field("email", account.email)
                json.field("firstName", account.firstName)
                json.field("lastName", account.lastName)
            }
        }
        try await context.commit([update, recording], events: [loggedIn], reply: reply)
        return reply
    }
}
