import FoundationEssentials

/// Which server mails are handed to.
public struct SMTPSettings: Sendable {
    /// Whether the connection has to be encrypted.
    public enum Encryption: String, CaseIterable, Sendable {
        /// No mail goes over a connection that is not.
        case required
        /// Where the server offers it.
        case opportunistic
        case off
    }

    /// `smtp://host:587` or `smtps://host`, without user and password.
    let url: String
    let user: String?
    let password: String?
    let encryption: Encryption
    /// PEM certificates that the server's is checked with, in place of the system's.
    public var authorities: String?
    /// How many mails are handed over at a time.
    public var connections = 4
    /// Until the server greets.
    public var connectLimit = Duration.seconds(10)
    /// One mail, connecting included.
    public var limit = Duration.seconds(30)

    /// - Parameters:
    ///   - url: `smtp://user@host:587` or `smtps://host`; a user's @ is written %40.
    ///   - encryption: nil requires it unless the server is on this machine.
    /// - Throws: ``NotificationsSettingsError`` when the URL cannot be read, without showing it.
    public init(
        url: String, password: String? = nil, encryption: Encryption? = nil
    ) throws(NotificationsSettingsError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["smtp", "smtps"].contains(scheme), let host = parts.host, !host.isEmpty, parts.password == nil,
            parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil
        else {
            throw NotificationsSettingsError(
                description: "the SMTP server is given as smtp://user@host:587 or smtps://host, the password apart")
        }
        let name = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        guard (name == nil) == (password == nil) else {
            throw NotificationsSettingsError(
                description: "the SMTP server needs a user in its URL and a password, or neither")
        }
        let isLocal = ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host)
        let address = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        self.url = "\(scheme)://\(address)\(parts.port.map { ":\($0)" } ?? "")"
        user = name
        self.password = password
        self.encryption = encryption ?? (isLocal ? .opportunistic : .required)
        guard name == nil || self.encryption != .off || isLocal else {
            throw NotificationsSettingsError(description: "a password is not sent to another machine in the open")
        }
    }
}
