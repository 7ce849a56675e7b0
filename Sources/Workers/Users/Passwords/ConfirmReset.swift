import FoundationEssentials
import Worker

/// `users.password.confirm`: a new password for the holder of the mail's token. All sessions end, and the address is proven.
struct ConfirmReset: Sendable {
    let links: AccountTokens
    let passwords: PasswordHasher

    private static let verify: Statement = "UPDATE users SET email_verified = true WHERE id = $1"

    var endpoint: Endpoint {
        Endpoint("users.password.confirm") { fields in
            (
                token: fields.secret("token", bytes: 1...255),
                password: fields.secret("newPassword", bytes: PasswordPolicy.bytes)
            )
        } _: { request, context in
            guard let token = links.read(request.token, for: .resetPassword),
                let account = try await context.holder(of: token)
            else { throw ServiceError.invalidToken }
            try PasswordPolicy.check(request.password, field: "newPassword", email: account.email)
            // Before the token is used up: with a busy hasher it stays good.
            let hash = try await passwords.hash(request.password, until: context.deadline)
            return try await context.redeem(token) { change in
                change.setPassword(hash)
                if !change.account.emailVerified {
                    change.add(Query(Self.verify, .uuid(change.account.id)))
                    change.tell("USER_VERIFIED")
                }
                change.revokeSessions(.passwordChanged)
                return .object { $0.field("status", "changed") }
            }
        }
    }
}

extension AccountChange {
    private static let update: Statement = "UPDATE users SET password_hash = $2 WHERE id = $1"

    /// A new password; links to reset the old one are good no more.
    mutating func setPassword(_ hash: String) {
        add(Query(Self.update, .uuid(account.id), .text(hash)))
        add(AccountTokens.retiring(.resetPassword, of: account.id, at: now))
        tell("USER_PASSWORD_CHANGED")
    }
}
