import Contracts
import LocalServers
import Logging
import NATS
import Synchronization

@testable import Ingress

/// A ``Discovery`` on its own, with a broker of its own: what it offers and what it logs.
struct Lookout: Sendable {
    let nats: NATSConnection
    let server: LocalNATS
    let state: State

    final class State: Sendable {
        let contracts = Mutex<[Contract]>([])
        let warnings = Mutex<[String]>([])
        let messages = Mutex<[String]>([])
        let pings = Mutex(0)
    }

    static func open(
        _ contracts: ContractSet, maxAnswers: Int = 2048, configure: (inout IngressConfiguration) -> Void = { _ in },
        _ body: (Lookout) async throws -> Void
    ) async throws {
        let server = try await LocalNATS.start(.init(directory: TestServers.directory()))
        let state = State()
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let nats = try await NATSConnection.connect(NATSConfiguration(url: server.url), logger: silent)
        let own = try await NATSConnection.connect(NATSConfiguration(url: server.url), logger: silent)
        var configuration = IngressConfiguration()
        configuration.discoveryInterval = .milliseconds(60)
        configuration.discoveryGather = .milliseconds(40)
        configure(&configuration)
        let discovery = Discovery(
            nats: own, configuration: configuration, contracts: contracts, staticRoutes: try Route.all(in: contracts),
            logger: logger(state), maxAnswers: maxAnswers
        ) { _, contracts in state.contracts.withLock { $0 = contracts } }
        try await nats.subscribe("$SRV.PING") { _ in state.pings.withLock { $0 += 1 } }
        try await nats.flush(timeout: .seconds(60))
        let task = Task { await discovery.run() }
        let failure: (any Error)?
        do {
            try await body(Lookout(nats: nats, server: server, state: state))
            failure = nil
        } catch {
            failure = error
        }
        task.cancel()
        await task.value
        await own.close()
        await nats.close()
        await server.stop()
        if let failure { throw failure }
    }

    /// Notes warnings and what is worse.
    static func logger(_ state: State) -> Logger { Logger(label: "test") { _ in Recorder(state: state) } }

    var contracts: [Contract] { state.contracts.withLock { $0 } }

    /// `name GET /path` of every route, in order.
    var routes: [String] {
        contracts.flatMap(\.endpoints).map { "\($0.worker) \($0.http?.description ?? "")" }
    }

    var warnings: [String] { state.warnings.withLock { $0 } }

    /// Waits until it has looked that often again, from beginning to end.
    func rounds(_ count: Int) async throws {
        let pings = state.pings.withLock { $0 }
        try await eventually { $0.state.pings.withLock { $0 } > pings + count }
    }

    func eventually(_ condition: (Lookout) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(15)
        while !condition(self) {
            guard ContinuousClock.now < deadline else { throw Door.Impatience() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private struct Recorder: LogHandler {
        let state: State
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning

        init(state: State) { self.state = state }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard event.level >= .warning else { return }
            let fields = event.metadata ?? [:]
            let text = ["service", "endpoint", "reason"].compactMap { fields[$0].map { "\($0)" } }
                .joined(separator: " | ")
            state.warnings.withLock { $0.append(text) }
            state.messages.withLock { $0.append("\(event.message)") }
        }
    }
}
