import Reactor

/// One timer for all deadlines: it is set for the earliest one and looks at everything when it fires. A query therefore
/// costs a comparison, since the deadlines of a busy pool come in about the order they were made.
extension PostgresPool {
    func arm(for deadline: ContinuousClock.Instant) {
        if let alarmAt, alarmAt <= deadline { return }
        alarm?.cancel()
        alarmAt = deadline
        alarm = Reactor.schedule(after: max(.zero, deadline - .now)) { [weak self] in self?.lookAtDeadlines() }
    }

    private func lookAtDeadlines() {
        alarm = nil
        alarmAt = nil
        let now = ContinuousClock.now
        for waiter in machine.expire(at: now) { answer(waiter.id, .failure(overdue(at: now))) }
        if let startDeadline, startDeadline <= now {
            self.startDeadline = nil
            started.fire(.failure(lastFailure ?? overdue(at: now)))
        }
        // A copy: a connection that is lost leaves the list.
        for connection in connections { connection.expire(at: now, cancelTimeout: configuration.cancelTimeout) }
        let deadlines = connections.compactMap(\.nextDeadline) + machine.waiters.map(\.deadline)
        if let next = (deadlines + [startDeadline].compactMap { $0 }).min() { arm(for: next) }
    }
}
