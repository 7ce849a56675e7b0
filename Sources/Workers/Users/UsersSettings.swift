/// What an operator decides about accounts.
public struct UsersSettings: Sendable {
    /// Signs the tokens.
    public var signer: TokenSigner
    /// Until an access token expires.
    public var tokenLifetime = Duration.seconds(24 * 3600)
    /// Until a session ends that is not refreshed.
    public var sessionLifetime = Duration.seconds(30 * 24 * 3600)
    /// Work factor of new password hashes, 4 to 31; each step doubles the time. Anything else counts as the nearest.
    public var bcryptCost = 12
    /// Threads that hash passwords.
    public var hashingThreads = 2
    /// Passwords that may wait for one of them; further requests are answered with 503.
    public var hashingQueueLimit = 32
    /// Accounts that one client address may register in an hour; 0 sets no limit.
    public var registrationsPerHour = 20
    /// Mails with links that one client address may ask for in an hour; 0 sets no limit.
    public var mailRequestsPerHour = 60
    /// Between two looks for rows that have no use any more.
    public var cleaningPause = Duration.seconds(300)

    public init(signer: TokenSigner) {
        self.signer = signer
    }
}
