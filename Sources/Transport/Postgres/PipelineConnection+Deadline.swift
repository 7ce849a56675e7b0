import CPostgres
import Reactor

extension PipelineConnection {
    /// The instant at which ``expire(at:cancelTimeout:)`` has something to do; nil when nothing is out.
    var nextDeadline: ContinuousClock.Instant? {
        flights.lazy.map { $0.cancelledUntil ?? $0.deadline }.min() ?? (cancels > 0 ? cancelLimit : nil)
    }

    /// Cancels what is late. The caller is answered when the server has said how the statement ended, which is what makes
    /// a timeout's outcome known; a server that stays silent for `cancelTimeout` loses the connection.
    func expire(at now: ContinuousClock.Instant, cancelTimeout: Duration) {
        guard isOpen else { return }
        if flights.isEmpty, cancels > 0, let cancelLimit, cancelLimit <= now {
            return lose(.lost("a cancel request did not end", outcomeUnknown: false))
        }
        guard let late = flights.first(where: { ($0.cancelledUntil ?? $0.deadline) <= now }) else { return }
        guard late.cancelledUntil == nil else {
            return lose(.lost("the server did not end a cancelled statement", outcomeUnknown: false))
        }
        for flight in flights where flight.deadline <= now { flight.cancelledUntil = now + cancelTimeout }
        cancelLimit = now + cancelTimeout
        cancel()
    }

    /// Asks the server over a connection of its own to end the running statement. `PQcancel` blocks: not on the reactor.
    private func cancel() {
        guard let connection = wire.connection, let handle = PQgetCancel(connection) else {
            return lose(.lost("cannot cancel a statement", outcomeUnknown: false))
        }
        let request = CancelRequest(handle: handle)
        cancels += 1
        // Unstructured: the callers wait for the statement's end, not for the request, which may block for long.
        Task { @Reactor in
            do {
                try await BlockingPool.postgres.run { request.send() }
                cancels -= 1
                returnIfIdle()
            } catch {
                cancels -= 1
                lose(.lost("cannot cancel a statement: \(error)", outcomeUnknown: false))
            }
        }
    }
}

/// `@unchecked Sendable`: `PQcancel` is documented as thread-safe, and the object is used by one thread at a time.
private final class CancelRequest: @unchecked Sendable {
    private let handle: OpaquePointer

    init(handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        PQfreeCancel(handle)
    }

    func send() {
        var message = [CChar](repeating: 0, count: 256)
        // A failed request shows in the statement not ending in time.
        _ = PQcancel(handle, &message, Int32(message.count))
    }
}
