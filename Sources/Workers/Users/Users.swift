public import Worker

/// The worker of accounts: registration, login, and the keys that tokens are checked with.
public enum Users {
    public static func worker(_ settings: UsersSettings) -> Worker {
        let passwords = PasswordHasher(settings)
        let tokens = TokenIssuer(signer: settings.signer, lifetime: settings.tokenLifetime)
        return Worker(
            "users",
            endpoints: [
                Registration.endpoint(passwords, tokens),
                Login.endpoint(passwords, tokens),
                UserRecord.endpoint(),
                Endpoint("users.keys", { (_: inout Fields) in }) { _, _ in Reply(settings.signer.jwks) },
            ],
            emits: ["USER_CREATED", "USER_LOGIN"])
    }
}
