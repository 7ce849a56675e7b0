import CPostgres
import Logging
import Reactor

extension Wire {
    /// Connects and authenticates; gives up when its task is cancelled.
    /// - Throws: ``PostgresError/Code/connectionLost(outcomeUnknown:)`` when the server cannot be reached or does not
    ///   answer in time, ``PostgresError/Code/configuration`` when it refuses these credentials or this database.
    static func open(
        _ parameters: ConnectionParameters, timeout: Duration, logger: Logger
    ) async throws(PostgresError) -> Wire {
        let start = ContinuousClock.now
        let resolved = try await HostResolver.resolve(parameters)
        guard let connection = resolved.start() else {
            throw .lost("cannot connect to \(parameters.target): out of memory", outcomeUnknown: false)
        }
        let wire = Wire(connection: connection, target: parameters.target, logger: logger)
        let left = timeout - (ContinuousClock.now - start)
        if let failure = await wire.connect(within: left) {
            wire.close()
            throw failure
        }
        return wire
    }

    private func connect(within timeout: Duration) async -> PostgresError? {
        let handshake = Handshake(wire: self)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { handshake.begin(within: timeout, $0) }
        } onCancel: {
            Task { @Reactor in handshake.finish(.shutdown) }
        }
    }
}

/// The steps from a started to an established connection, with a limit in time.
@Reactor
private final class Handshake {
    private let wire: Wire
    private var continuation: CheckedContinuation<PostgresError?, Never>?
    private var timer: ReactorTimer?

    init(wire: Wire) {
        self.wire = wire
    }

    func begin(within timeout: Duration, _ continuation: CheckedContinuation<PostgresError?, Never>) {
        self.continuation = continuation
        guard let connection = wire.connection, PQstatus(connection) != CONNECTION_BAD else {
            return finish(failure())
        }
        timer = Reactor.schedule(after: timeout) {
            self.finish(.lost("cannot connect to \(self.wire.target): no answer in time", outcomeUnknown: false))
        }
        // libpq: before the first poll behave as if it had returned PGRES_POLLING_WRITING.
        wait(read: false, write: true)
    }

    private func step() {
        guard let connection = wire.connection else { return finish(failure()) }
        // Before the poll, because it may close the descriptor.
        wire.unwatch()
        switch PQconnectPoll(connection) {
        case PGRES_POLLING_READING: wait(read: true, write: false)
        case PGRES_POLLING_WRITING: wait(read: false, write: true)
        case PGRES_POLLING_OK: finish(PQsetnonblocking(connection, 1) == 0 ? nil : failure())
        default: finish(failure())
        }
    }

    private func wait(read: Bool, write: Bool) {
        do {
            try wire.rewatch(read: read, write: write) { _ in self.step() }
        } catch {
            finish(.lost("cannot connect to \(wire.target): \(error)", outcomeUnknown: false))
        }
    }

    func finish(_ failure: PostgresError?) {
        wire.unwatch()
        timer?.cancel()
        timer = nil
        continuation?.resume(returning: failure)
        continuation = nil
    }

    private func failure() -> PostgresError {
        let message = wire.message
        return PostgresError(
            ConnectFailure.isPermanent(message) ? .configuration : .connectionLost(outcomeUnknown: false), message)
    }
}

/// Tells apart what waiting cures and what it does not. libpq 15 gives no SQLSTATE for a refused connection, only text.
enum ConnectFailure {
    static func isPermanent(_ message: String) -> Bool {
        guard let fatal = message.firstRange(of: "FATAL:") else { return false }
        let reason = message[fatal.upperBound...]
        let passing = [
            "starting up", "shutting down", "recovery", "too many", "connection slots", "terminating connection",
            "not accepting connections", "not yet accepting",
        ]
        return !passing.contains { reason.contains($0) }
    }
}
