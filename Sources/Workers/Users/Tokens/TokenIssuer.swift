import FoundationEssentials
import Worker

/// Gives out access and refresh tokens, and opens the sessions that they belong to.
struct TokenIssuer: Sendable {
    let signer: TokenSigner
    let refreshTokens: RefreshTokens
    /// Until an access token expires.
    let lifetime: Duration
    /// Until a session ends that is not refreshed.
    let sessionLifetime: Duration

    init(_ settings: UsersSettings) {
        signer = settings.signer
        refreshTokens = RefreshTokens(settings.signer)
        lifetime = settings.tokenLifetime
        sessionLifetime = settings.sessionLifetime
    }

    private static let insert: Statement = """
        INSERT INTO user_sessions
            (id, user_id, token_hash, device_info, ip_address, created_at, last_seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5::text::inet, $6, $6, $7)
        """

    /// A new session's tokens, and the statement that records it.
    func open(
        for userId: UUID, email: String, role: TokenSigner.Role, _ visitor: Visitor, at now: Timestamp
    ) throws -> (grant: Grant, recording: Query) {
        let token = RefreshToken(session: UUIDv7.next(), generation: 0)
        let recording = Query(
            Self.insert, .uuid(token.session), .uuid(userId), .text(refreshTokens.hash(of: token)),
            .json(visitor.deviceInfo), .text(visitor.client), .timestamp(now.microseconds),
            .timestamp((now + sessionLifetime).microseconds))
        return (try grant(token, for: userId, email: email, role: role, at: now), recording)
    }

    /// A new access token beside the refresh token that counts now.
    func grant(
        _ token: RefreshToken, for userId: UUID, email: String, role: TokenSigner.Role, at now: Timestamp
    ) throws -> Grant {
        Grant(
            token: try signer.sign(
                subject: userId, role: role, email: email, lifetime: lifetime, session: token.session, at: now),
            refreshToken: refreshTokens.text(of: token), expiresIn_s: lifetime.components.seconds,
            session: token.session)
    }
}
