internal import Synchronization

/// Knows which calls are under way, so that the event loop is not taken from under them.
final class CallCounter: Sendable {
    private struct State {
        var isClosed = false
        var active = 0
        var drained: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    /// - Returns: false once closed; otherwise ``leave()`` must follow.
    func enter() -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.active += 1
            return true
        }
    }

    func leave() {
        let drained = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.active -= 1
            guard state.active == 0 else { return nil }
            defer { state.drained = nil }
            return state.drained
        }
        drained?.resume()
    }

    /// - Returns: whether this was the first call.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    /// Waits until no call is under way. For the one who closed, once.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                if state.active > 0 { state.drained = continuation }
                return state.active == 0
            }
            if isDrained { continuation.resume() }
        }
    }
}
