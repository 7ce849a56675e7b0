import FoundationEssentials
import Worker

/// `users.verify`: the holder of the mail's token has the address.
struct Verify: Sendable {
    let links: AccountTokens

    private static let confirm: Statement = "UPDATE users SET email_verified = true WHERE id = $1"

    var endpoint: Endpoint {
        Endpoint("users.verify", { (fields: inout Fields) in fields.secret("token", bytes: 1...255) }) {
            text, context in
            guard let token = links.read(text, for: .verifyEmail) else { throw ServiceError.invalidToken }
            return try await context.redeem(token) { change in
                change.add(Query(Self.confirm, .uuid(change.account.id)))
                change.tell("USER_VERIFIED")
                return .object { $0.field("status", "verified") }
            }
        }
    }
}

extension ServiceError {
    /// 400: used, replaced, expired, for something else or never given out; which of these is nobody's business.
    static let invalidToken = ServiceError(
        400, "invalid-token", "this token is not good, or not any more; ask for a new mail")
}
