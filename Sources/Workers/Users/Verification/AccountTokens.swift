import Crypto
import FoundationEssentials
import Worker

/// The tokens of mails: `<id>.<HMAC-SHA256 of purpose and id in base64url>`.
///
/// Events and tables hold the id only. The mail gets the secret when it is sent, by `users.secret`; who reads a stream, a
/// log or the database has none.
struct AccountTokens: Sendable {
    /// Mails of one purpose that one address is sent in ``window_s``.
    static let limit: Int64 = 3
    static let window_s: Double = 900

    /// Mails that one client may ask for in an hour.
    let perClient: Int
    private let key: SymmetricKey

    init(_ settings: UsersSettings) {
        key = settings.signer.derivedKey(for: "account tokens")
        perClient = settings.mailRequestsPerHour
    }

    static func lifetime(of purpose: AccountToken.Purpose) -> Duration {
        switch purpose {
        case .verifyEmail: .seconds(3 * 24 * 3600)
        case .resetPassword: .seconds(3600)
        }
    }

    func text(of token: AccountToken) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Self.stem(token), using: key)
        return "\(token.id.text).\(Base64URL.encode(Array(code)))"
    }

    /// Nil for what was never given out for this purpose.
    func read(_ text: String, for purpose: AccountToken.Purpose) -> AccountToken? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = UUID(text: parts[0]), let code = Base64URL.decode(parts[1]) else { return nil }
        let token = AccountToken(id: id, purpose: purpose)
        // The text that is given out, and no other spelling of it.
        guard parts[0] == id.text,
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.stem(token), using: key)
        else {
            return nil
        }
        return token
    }

    private static func stem(_ token: AccountToken) -> [UInt8] {
        Array("\(token.purpose.rawValue)|\(token.id.text)".utf8)
    }

    private static let retire: Statement = """
        UPDATE account_tokens SET used_at = $3 WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL
        """
    private static let insert: Statement = """
        INSERT INTO account_tokens (id, user_id, purpose, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        """

    /// The statements that make a token the only one of its purpose.
    static func issuing(_ token: AccountToken, to userId: UUID, email: String, at now: Timestamp) -> [Query] {
        [
            Query(retire, .uuid(userId), .text(token.purpose.rawValue), .timestamp(now.microseconds)),
            Query(
                insert, .uuid(token.id), .uuid(userId), .text(token.purpose.rawValue), .text(email),
                .timestamp(now.microseconds), .timestamp((now + lifetime(of: token.purpose)).microseconds)),
        ]
    }

    /// The statement that takes away the tokens of a purpose, used or not.
    static func retiring(_ purpose: AccountToken.Purpose, of userId: UUID, at now: Timestamp) -> Query {
        Query(retire, .uuid(userId), .text(purpose.rawValue), .timestamp(now.microseconds))
    }
}

extension AccountChange {
    /// A new token, told of so that a mail brings it.
    /// - Parameter email: where the mail goes; nil is the account's address.
    mutating func request(_ purpose: AccountToken.Purpose, email: String? = nil) {
        let token = AccountToken(id: UUIDv7.next(), purpose: purpose)
        for query in AccountTokens.issuing(token, to: account.id, email: email ?? account.email, at: now) { add(query) }
        switch purpose {
        case .verifyEmail: tell("USER_VERIFICATION_REQUESTED") { $0.field("tokenId", token.id) }
        case .resetPassword: tell("USER_PASSWORD_RESET_REQUESTED") { $0.field("tokenId", token.id) }
        }
    }
}
