import FoundationEssentials

/// Who else is told of every message, by a signed request.
public struct WebhookSettings: Sendable {
    let url: String
    let secret: String
    /// How many requests are made at a time.
    public var connections = 4
    /// One request, connecting included.
    public var limit = Duration.seconds(15)
    /// PEM certificates that the server's is checked with, in place of the system's.
    public var authorities: String?

    /// - Parameters:
    ///   - url: an HTTP URL without user and password; HTTPS unless it is on this machine.
    ///   - secret: signs requests; at least 16 bytes.
    /// - Throws: ``NotificationsSettingsError``, without showing them.
    public init(url: String, secret: String) throws(NotificationsSettingsError) {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil, let scheme = parts.scheme?.lowercased(),
            scheme == "https" || scheme == "http" && ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host)
        else {
            throw NotificationsSettingsError(
                description: "the webhook's URL is an https:// URL without user and password (http:// on this machine)")
        }
        guard secret.utf8.count >= 16 else {
            throw NotificationsSettingsError(description: "the webhook's secret has less than 16 bytes")
        }
        self.url = url
        self.secret = secret
    }
}
