/// What an operator decides about accounts.
public struct UsersSettings: Sendable {
    /// Signs the tokens.
    public var signer: TokenSigner
    /// Until a token expires.
    public var tokenLifetime = Duration.seconds(24 * 3600)
    /// Work factor of new password hashes, 4 to 31; each step doubles the time. Anything else counts as the nearest.
    public var bcryptCost = 12
    /// Threads that hash passwords.
    public var hashingThreads = 2
    /// Passwords that may wait for one of them; further requests are answered with 503.
    public var hashingQueueLimit = 32

    public init(signer: TokenSigner) {
        self.signer = signer
    }
}
