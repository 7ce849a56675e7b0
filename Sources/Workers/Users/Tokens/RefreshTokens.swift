import Crypto
import FoundationEssentials
import Worker

/// Writes and reads refresh tokens: `<session>.<generation>.<HMAC-SHA256 of both in base64url>`.
///
/// What the fleet never gave out is told by the code alone, without the database. An old one is told by its generation, so
/// that no history has to be kept. The same generation is always the same text: a client that lost an answer, or asked
/// twice, gets the one token that counts. Without the key, which is no secret of the database, none can be made.
struct RefreshTokens: Sendable {
    private let key: SymmetricKey
    private static let maxDigits = 12

    init(_ signer: TokenSigner) {
        key = signer.derivedKey(for: "refresh tokens")
    }

    func text(of token: RefreshToken) -> String {
        let stem = "\(token.session.text).\(token.generation)"
        return "\(stem).\(Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(stem.utf8), using: key))))"
    }

    /// Nil for what was never given out.
    func read(_ text: String) -> RefreshToken? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let session = UUID(text: parts[0]), parts[1].utf8.count <= Self.maxDigits,
            let generation = Int64(parts[1]), generation >= 0, let code = Base64URL.decode(parts[2])
        else { return nil }
        let token = RefreshToken(session: session, generation: generation)
        // The text that is given out, and no other spelling of it.
        let stem = Array("\(session.text).\(generation)".utf8)
        guard parts[0] == session.text, parts[1] == String(generation),
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: stem, using: key)
        else { return nil }
        return token
    }

    /// What the session's row has of the token that counts: its SHA-256 in hexadecimal.
    func hash(of token: RefreshToken) -> String {
        TokenSigner.hex(SHA256.hash(data: Array(text(of: token).utf8)))
    }
}
