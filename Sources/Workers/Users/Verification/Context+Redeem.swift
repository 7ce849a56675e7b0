import FoundationEssentials
import Worker

extension Context {
    /// The account of a token that can be used now, for its present address.
    private static let find = Statement(
        """
        SELECT \(Account.columns) FROM account_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.id = $1 AND t.purpose = $2 AND t.used_at IS NULL AND t.expires_at > now() AND t.email = u.email
            AND u.account_status <> 'deleted'
        """)

    func holder(of token: AccountToken) async throws -> Account? {
        try await query(Self.find, .uuid(token.id), .text(token.purpose.rawValue)).first.map { try Account($0) }
    }

    /// Uses a token up: what `decide` says is committed with it. Of two at once one succeeds, because both append to the
    /// account.
    /// - Throws: ``ServiceError/invalidToken``.
    func redeem(
        _ token: AccountToken, _ decide: @Reactor (inout AccountChange) throws -> Reply
    ) async throws -> Reply {
        do {
            return try await change({ try await self.holder(of: token) }) { change in
                change.add(AccountTokens.retiring(token.purpose, of: change.account.id, at: change.now))
                return try decide(&change)
            }
        } catch let error as ServiceError where error.type == "user-not-found" {
            throw ServiceError.invalidToken
        }
    }
}
