import Contracts
import Deployment
import Foundation
import LocalServers
import Logging
import NATS
import Reactor

/// The shipped contracts, and a broker with the users that they ask for.
@Reactor
final class Broker {
    nonisolated static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../subjects"
    )
    .standardized.path

    let server: LocalNATS
    private let passwords: [String: String]

    /// - Parameter passwords: of the users; by the server's environment when `isByEnvironment`.
    init(_ contracts: ContractSet, services: [ForeignService] = [], isByEnvironment: Bool = true) async throws {
        let permissions = try BrokerPermissions(contracts, services: services)
        let users = permissions.userNames
        let passwords = Dictionary(uniqueKeysWithValues: users.map { ($0, "7 $ecret # {of} \($0)") })
        var options = LocalNATS.Options(directory: try TestServers.directory())
        if isByEnvironment {
            self.passwords = passwords.mapValues { _ in "12345" }
            options.extraConfiguration = permissions.configuration(passwords: .environment)
            options.environment = Dictionary(
                uniqueKeysWithValues: users.map { (BrokerPermissions.passwordVariable(of: $0), "\"12345\"") })
        } else {
            self.passwords = passwords
            options.extraConfiguration = permissions.configuration(passwords: .given(passwords))
        }
        server = try await LocalNATS.start(options)
    }

    func connect(_ user: String, password: String? = nil, inbox: String? = nil) async throws -> NATSConnection {
        var configuration = NATSConfiguration(url: server.url, name: user)
        configuration.credentials = .user(user, password: password ?? passwords[user] ?? "")
        configuration.inboxPrefix = inbox
        configuration.connectTimeout = .seconds(3)
        return try await NATSConnection.connect(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

extension NATSError {
    /// What a call was refused with; nil when it was not.
    @Reactor
    static func of(_ call: () async throws -> Void) async -> NATSError.Code? {
        do {
            try await call()
            return nil
        } catch {
            return (error as? NATSError)?.code ?? .library(-1)
        }
    }
}

extension NATSConnection {
    /// Whether the server lets this user listen.
    func mayListen(to subject: String, queue: String? = nil) async throws -> Bool {
        let before = statistics.serverErrors
        let subscription = try subscribe(subject, queue: queue) { _ in }
        let errors = try await serverErrors()
        subscription.unsubscribe()
        return errors == before
    }

    /// Whether the server takes a message of this user.
    func mayPublish(to subject: String) async throws -> Bool {
        let before = statistics.serverErrors
        try publish(subject, body: [])
        return try await serverErrors() == before
    }

    /// The errors of all that was sent so far. They come in order: behind that of a request which nobody but the operator
    /// may make, there are no earlier ones.
    private func serverErrors() async throws -> UInt64 {
        switch await NATSError.of({ _ = try await request("beyond.all", body: [], timeout: .seconds(5)) }) {
        case .notPermitted: return statistics.serverErrors - 1
        case .noResponders: return statistics.serverErrors
        case let other: throw Unexpected(code: other)
        }
    }

    private struct Unexpected: Error {
        let code: NATSError.Code?
    }
}
