import Foundation
import NATS

/// How every command reaches the broker: `FLOTILLA_NATS_URL`, `FLOTILLA_NATS_USER`, `FLOTILLA_NATS_PASSWORD(_FILE)` and
/// `FLOTILLA_NATS_INBOX_PREFIX`.
extension Surroundings {
    /// What help texts say about it.
    static let brokerHelp = """
        FLOTILLA_NATS_URL                          where the broker is (nats://127.0.0.1:4222)
        FLOTILLA_NATS_USER                         who logs in there, when the URL does not say it
        FLOTILLA_NATS_PASSWORD(_FILE)              the user's password
        FLOTILLA_NATS_INBOX_PREFIX                 where replies go (default: _INBOX_<user>, or _INBOX)
        """

    /// The broker of the environment, for a process that serves.
    /// - Parameter name: shown by the server's monitoring.
    func broker(name: String) throws(CommandFailure) -> NATSConfiguration {
        let url = try required("FLOTILLA_NATS_URL", example: "nats://127.0.0.1:4222")
        return try broker(at: url, from: "FLOTILLA_NATS_URL", name: name)
    }

    /// The broker at a URL, or at several of one cluster with commas between them; the user is that of the URL or the
    /// environment's.
    /// - Parameter source: where the URL is from, for failures; the URL itself is not shown: it may hold a password.
    func broker(at url: String, from source: String, name: String) throws(CommandFailure) -> NATSConfiguration {
        var configuration = NATSConfiguration(url: url, name: name)
        do throws(NATSError) {
            configuration = try configuration.settled()
        } catch {
            throw CommandFailure(.configuration, "\(source): \(error.message)")
        }
        // One that is empty is a slip of the pen as well.
        for server in configuration.urls.isEmpty ? [""] : configuration.urls { try Self.check(server, from: source) }
        if let user = optional("FLOTILLA_NATS_USER") {
            guard configuration.credentials == .none else {
                throw CommandFailure(
                    .configuration, "FLOTILLA_NATS_USER is set, and \(source) has a user too: give one of them")
            }
            configuration.credentials = .user(user, password: try secret("FLOTILLA_NATS_PASSWORD"))
            configuration.inboxPrefix = nil
        } else if configuration.credentials == .none, optional("FLOTILLA_NATS_PASSWORD") != nil {
            throw CommandFailure(.configuration, "FLOTILLA_NATS_PASSWORD is set without FLOTILLA_NATS_USER")
        }
        if let prefix = optional("FLOTILLA_NATS_INBOX_PREFIX") {
            guard prefix == "_INBOX" || prefix.hasPrefix("_INBOX_") || prefix.hasPrefix("_INBOX.") else {
                throw CommandFailure(
                    .configuration,
                    "FLOTILLA_NATS_INBOX_PREFIX is \(prefix.debugDescription); expected _INBOX or one that begins with _INBOX_: workers answer to no other"
                )
            }
            configuration.inboxPrefix = prefix
        }
        return configuration
    }

    private static func check(_ server: String, from source: String) throws(CommandFailure) {
        // A bare "host:port" is what libnats takes as well.
        let parts = URLComponents(string: server.contains("://") ? server : "nats://\(server)")
        guard let scheme = parts?.scheme?.lowercased(), ["nats", "tls"].contains(scheme),
            parts?.host?.isEmpty == false, (parts?.port).map({ (1...65_535).contains($0) }) ?? true
        else {
            throw CommandFailure(.configuration, "\(source) is not a URL such as nats://127.0.0.1:4222")
        }
    }
}
