import Crypto
import FoundationEssentials
import Worker

/// Gives out tokens, each with the session row that stands for it.
struct TokenIssuer: Sendable {
    let signer: TokenSigner
    let lifetime: Duration

    private static let insert: Statement = """
        INSERT INTO user_sessions (id, user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
        """

    /// A token for an account, and the statement that records its session.
    func issue(for userId: UUID, email: String, at now: Timestamp) throws -> (token: String, recording: Query) {
        let id = UUIDv7.next()
        let token = try signer.sign(
            subject: userId, role: .customer, email: email, lifetime: lifetime, id: id, at: now)
        let hash = TokenSigner.hex(SHA256.hash(data: Array(token.utf8)))
        let recording = Query(
            Self.insert, .uuid(id), .uuid(userId), .text(hash), .timestamp(now.microseconds),
            .timestamp((now + lifetime).microseconds))
        return (token, recording)
    }
}
