import Synchronization

/// What the ``HealthProbe`` saw last, for event loops to read at any time.
final class HealthBoard: Sendable {
    private struct State {
        var isConnected = false
        /// Name and whether it answered the last ping; nil before the first.
        var workers: [(name: String, answers: Bool?)]
    }

    private let state: Mutex<State>

    init(workers: [String]) {
        state = Mutex(State(workers: workers.map { ($0, nil) }))
    }

    func setConnected(_ isConnected: Bool) {
        state.withLock { $0.isConnected = isConnected }
    }

    func set(worker index: Int, answers: Bool) {
        state.withLock { $0.workers[index].answers = answers }
    }

    func report(keysLoaded: Bool, isDraining: Bool) -> HealthReport {
        let state = self.state.withLock { $0 }
        return HealthReport(
            isConnected: state.isConnected, keysLoaded: keysLoaded, isDraining: isDraining, workers: state.workers)
    }
}
