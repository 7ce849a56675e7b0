import LocalServers
import Logging
import NATS
import Reactor
import Testing

/// Tests against real servers: one after the other, for all share the reactor's thread and some look at the clock.
@Suite("Live", .serialized)
enum Live {}

/// What the tests share: connections to the shared server, subjects of their own, waiting for conditions.
@Reactor
enum Support {
    private static var counter = 0

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A subject prefix no other test uses.
    static func prefix() -> String {
        counter += 1
        return "test\(counter)-\(UInt32.random(in: 0 ... .max))"
    }

    static func connect(_ change: (inout NATSConfiguration) -> Void = { _ in }) async throws -> NATSConnection {
        try await connect(to: TestServers.nats().url, change)
    }

    static func connect(
        to url: String, _ change: (inout NATSConfiguration) -> Void = { _ in }
    ) async throws -> NATSConnection {
        var configuration = NATSConfiguration(url: url, name: "tests")
        change(&configuration)
        return try await NATSConnection.connect(configuration, logger: logger)
    }

    /// A server of the test's own, to be killed.
    static func ownServer() async throws -> LocalNATS {
        try await LocalNATS.start(directory: TestServers.directory())
    }

    /// Looks every few milliseconds, for at most `limit`; whether the condition came true.
    static func eventually(within limit: Duration = .seconds(10), _ condition: @Reactor () -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if condition() { return true }
            try? await Reactor.sleep(for: .milliseconds(2))
        }
        return condition()
    }

    static func error(_ body: () async throws -> Void) async -> NATSError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? NATSError
        }
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}

extension NATSMessage {
    var text: String { String(decoding: body, as: UTF8.self) }
}
