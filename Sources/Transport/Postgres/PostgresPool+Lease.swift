import Reactor

extension PostgresPool {
    /// Takes an idle connection out of the pool, if there is one.
    func leaseIdle() -> PipelineConnection? {
        machine.acquireIdle()
    }

    /// Takes a connection out of the pool; it comes back by ``PipelineConnection/giveBack()``.
    func lease(until deadline: ContinuousClock.Instant) async throws(PostgresError) -> PipelineConnection {
        let waiter: PoolStateMachine<PipelineConnection>.Waiter
        switch machine.acquire(deadline: min(deadline, .now + configuration.maxWait)) {
        case .lease(let connection): return connection
        case .refuse(let refusal): throw error(for: refusal)
        case .wait(let queued): waiter = queued
        }
        let ticket = Ticket()
        waiting[waiter.id] = ticket
        openWanted()
        arm(for: waiter.deadline)
        let outcome = await withTaskCancellationHandler {
            await ticket.wait()
        } onCancel: {
            Reactor.post { self.abandon(waiter.id) }
        }
        return try outcome.get()
    }

    private func abandon(_ id: Int) {
        guard machine.abandon(id) else { return }
        answer(id, .failure(PostgresError(.cancelled, "cancelled while waiting for a connection")))
    }

    func answer(_ id: Int, _ outcome: Result<PipelineConnection, PostgresError>) {
        waiting.removeValue(forKey: id)?.serve(outcome)
    }

    private func error(for refusal: PoolStateMachine<PipelineConnection>.Refusal) -> PostgresError {
        switch refusal {
        case .shutdown: .shutdown
        case .queueFull:
            PostgresError(.poolExhausted, "\(configuration.maxWaiters) callers wait for a connection already")
        case .down: unreachable
        }
    }

    /// What callers are told while there is no connection.
    var unreachable: PostgresError {
        .lost(lastFailure?.message ?? "there is no connection", outcomeUnknown: false)
    }

    /// A waiter whose time is up was either held up by the others or by a server that does not answer.
    func overdue(at now: ContinuousClock.Instant) -> PostgresError {
        if machine.open == 0 {
            return .lost("no connection to \(parameters?.target ?? "the server") in time", outcomeUnknown: false)
        }
        return PostgresError(
            .poolExhausted, "all \(machine.open) connections stayed busy while a caller waited for one")
    }
}

/// A caller's place in the queue: it may be served before the caller has got as far as to wait.
@Reactor
final class Ticket {
    typealias Outcome = Result<PipelineConnection, PostgresError>

    private var outcome: Outcome?
    private var continuation: UnsafeContinuation<Void, Never>?

    func wait() async -> Outcome {
        if outcome == nil {
            await withUnsafeContinuation { if outcome == nil { continuation = $0 } else { $0.resume() } }
        }
        return outcome ?? .failure(.shutdown)
    }

    func serve(_ outcome: Outcome) {
        self.outcome = outcome
        continuation?.resume()
        continuation = nil
    }
}
