import FoundationEssentials
package import LocalServers

/// The secrets of one fleet, made once, each in a file of its own that only its owner may read.
package struct FleetSecrets: Sendable {
    /// Passwords of the workers' login roles in Postgres, by worker.
    package let postgresPasswords: [String: String]
    /// Passwords of the broker's users, by user.
    package let natsPasswords: [String: String]
    /// Holds the seed (32 bytes) of the Ed25519 key that signs JWTs, as base64url.
    package let jwtKeyFile: String
    package let stripeKeyFile: String
    package let stripeWebhookSecretFile: String
    private let directory: String

    /// Reads the secrets of a folder and makes those that are missing.
    package init(directory: String, workers: [String], brokerUsers: [String] = []) throws(LocalServerError) {
        try Files.makeDirectory(directory, mode: 0o700)
        func secret(_ name: String, _ make: () -> String) throws(LocalServerError) -> String {
            let path = "\(directory)/\(name)"
            let known = Files.text(path).map { String($0.prefix { $0 != "\n" }) }
            if let known, !known.isEmpty { return known }
            let fresh = make()
            try Files.write(fresh + "\n", to: path, mode: 0o600)
            return fresh
        }
        var passwords: [String: String] = [:]
        for worker in workers {
            passwords[worker] = try secret("postgres-\(worker).password") { Self.letters(32) }
        }
        postgresPasswords = passwords
        passwords = [:]
        for user in brokerUsers { passwords[user] = try secret(Self.natsPasswordFile(of: user)) { Self.letters(32) } }
        natsPasswords = passwords
        self.directory = directory
        _ = try secret("jwt.key") { Self.base64url(Self.bytes(32)) }
        _ = try secret("stripe-api.key") { "sk_test_" + Self.letters(32) }
        _ = try secret("stripe-webhook.secret") { "whsec_" + Self.letters(32) }
        jwtKeyFile = "\(directory)/jwt.key"
        stripeKeyFile = "\(directory)/stripe-api.key"
        stripeWebhookSecretFile = "\(directory)/stripe-webhook.secret"
    }

    /// Holds the password of a user of the broker.
    package func natsPasswordFile(of user: String) -> String { "\(directory)/\(Self.natsPasswordFile(of: user))" }

    private static func natsPasswordFile(of user: String) -> String { "nats-\(user).password" }

    static func base64url(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { character -> Character? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }

    /// The system's generator reads from the kernel: fit for keys.
    private static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    private static func letters(_ count: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }
}
