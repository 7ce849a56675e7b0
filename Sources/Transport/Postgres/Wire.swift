import CPostgres
import Logging
import Reactor

/// One libpq connection on the reactor: it opens, polls and closes it; what is said on it is its owner's business.
@Reactor
final class Wire {
    /// Nil once closed.
    private(set) var connection: OpaquePointer?
    let target: String
    private let sink: NoticeSink
    private var watch: Watch?
    private var readable: (@Reactor () -> Void)?

    init(connection: OpaquePointer, target: String, logger: Logger) {
        self.connection = connection
        self.target = target
        sink = NoticeSink(logger: logger)
        sink.attach(to: connection)
    }

    /// Polls for input from now on and calls `handler` for it, until ``close()``. Writes what is left to write first.
    func attach(_ handler: @escaping @Reactor () -> Void) throws(PostgresError) {
        readable = handler
        do {
            try rewatch(read: true, write: false) { _ in self.readable?() }
        } catch {
            throw .lost("cannot poll the connection to \(target): \(error)", outcomeUnknown: false)
        }
    }

    /// Polls the current socket, which libpq replaces while it connects, even by one with the same number.
    func rewatch(read: Bool, write: Bool, _ handler: @escaping @Reactor (Readiness) -> Void) throws(ReactorError) {
        unwatch()
        guard let connection else { return }
        watch = try Reactor.watch(PQsocket(connection), read: read, write: write, handler)
    }

    func unwatch() {
        watch?.cancel()
        watch = nil
    }

    /// Hands the socket as much as it takes and asks to be called again for the rest.
    /// - Returns: whether all has been handed over.
    func flush() -> Bool {
        guard let connection else { return true }
        let isDone = PQflush(connection) != 1
        watch?.update(read: true, write: !isDone)
        return isDone
    }

    /// Why the connection failed, in one line: the server's last word if it had one, else libpq's.
    var message: String {
        if let farewell = sink.farewell { return farewell }
        guard let connection else { return "the connection is closed" }
        let line = PostgresError.firstLine(PQerrorMessage(connection))
        return line.isEmpty ? "the connection to \(target) was lost" : line
    }

    /// Says goodbye without waiting and frees the connection.
    func close() {
        unwatch()
        readable = nil
        guard let connection else { return }
        self.connection = nil
        PQfinish(connection)
    }
}
