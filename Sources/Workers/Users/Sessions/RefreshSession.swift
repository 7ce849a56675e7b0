import FoundationEssentials
import Worker

/// `users.refresh`: new tokens for a refresh token, which is used up by it.
///
/// A refresh token that was used up before means that there are two who have it: the session is ended for both. Only the
/// one before the latest may come again, for a short while, by a client that lost the answer; it gets the same answer.
struct RefreshSession: Sendable {
    let tokens: TokenIssuer
    /// How long a lost answer may be asked for again.
    static let grace_s: Int64 = 10

    private static let rotate = Statement(
        """
        SELECT r.outcome, \(Account.columns)
        FROM rotate_session($1, $2, $3, $4, $5, make_interval(secs => $6), $7::text::inet, $8::jsonb) r
        LEFT JOIN users u ON u.id = r.owner
        """)
    private static let refusal = ServiceError(
        401, "invalid-refresh-token", "this refresh token is not good, or not any more; sign in again")

    var endpoint: Endpoint {
        Endpoint("users.refresh", { (fields: inout Fields) in fields.secret("refreshToken", bytes: 1...255) }) {
            try await answer($0, $1)
        }
    }

    @Reactor
    private func answer(_ text: String, _ context: Context) async throws -> Reply {
        guard let token = tokens.refreshTokens.read(text) else { throw Self.refusal }
        let now = Timestamp.now()
        let visitor = context.visitor
        let rows = try await context.query(
            Self.rotate, .uuid(token.session), .int(token.generation), .text(tokens.refreshTokens.hash(of: token.next)),
            .timestamp(now.microseconds), .timestamp((now + tokens.sessionLifetime).microseconds),
            .double(Double(Self.grace_s)), .text(visitor.client), .json(visitor.deviceInfo))
        guard let row = rows.first else { throw Self.refusal }
        switch try row.text(0) {
        case "rotated", "repeated":
            let account = try Account(row, from: 1)
            let grant = try tokens.grant(
                token.next, for: account.id, email: account.email, role: account.role, at: now)
            return .object { grant.write(to: &$0) }
        case "reused":
            try await revoke(token.session, of: try row.uuid(1), context)
            throw ServiceError(
                401, "refresh-token-reused",
                "this refresh token was used before, so its session has been ended; sign in again")
        default:
            throw Self.refusal
        }
    }

    @Reactor
    private func revoke(_ session: UUID, of userId: UUID, _ context: Context) async throws {
        _ = try await context.change(userId) { change in
            change.revokeSessions(.reuse) { $0 == session }
            return .object { _ in }
        }
    }
}
