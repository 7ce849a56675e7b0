import Reactor

/// How many requests a worker has under way, all endpoints together.
@Reactor
final class RequestLoad {
    private let limit: Int
    private(set) var count = 0
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// False when the limit is reached: the request is to be shed.
    func begin() -> Bool {
        guard count < limit else { return false }
        count += 1
        return true
    }

    func end() {
        count -= 1
        guard count == 0 else { return }
        wakeWaiters()
    }

    /// Waits until nothing is under way, or `limit` has passed.
    func idle(within limit: Duration) async {
        guard count > 0 else { return }
        let timer = Reactor.schedule(after: limit) { self.wakeWaiters() }
        await withCheckedContinuation { idleWaiters.append($0) }
        timer.cancel()
    }

    private func wakeWaiters() {
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters.removeAll()
    }
}
