import FoundationEssentials
import Worker

/// `users.secret`: the token that a mail is to bring, for the worker that sends it.
struct TokenSecret: Sendable {
    let links: AccountTokens

    private static let select: Statement = """
        SELECT t.purpose FROM account_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.id = $1 AND t.used_at IS NULL AND t.expires_at > now() AND t.email = u.email
            AND u.account_status <> 'deleted'
        """

    var endpoint: Endpoint {
        Endpoint("users.secret", { (fields: inout Fields) in fields.uuid("tokenId") }) { id, context in
            // Whoever asks in somebody's name asks for a client, and would hand the token on.
            guard context.caller == .internal, let row = try await context.query(Self.select, .uuid(id)).first,
                let purpose = AccountToken.Purpose(rawValue: try row.text(0))
            else { throw ServiceError(404, "token-not-found", "there is no such token, or it is of no use any more") }
            return .object { $0.field("token", links.text(of: AccountToken(id: id, purpose: purpose))) }
        }
    }
}
