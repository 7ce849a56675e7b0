/// Answers that wait until somebody lets them go.
actor HoldGate {
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextId = 0
    private var isOpen = false

    static let waitLimit: Duration = .seconds(120)
    static let waiterLimit = 1_000

    var count: Int { waiters.count }

    /// Returns when released, cancelled, or after ``waitLimit``.
    func wait() async {
        guard !isOpen, waiters.count < Self.waiterLimit, !Task.isCancelled else { return }
        let id = nextId
        nextId += 1
        // Its own task, because a continuation cannot be waited for with a limit.
        let limit = Task {
            try? await Task.sleep(for: Self.waitLimit)
            resume(id)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiters[id] = continuation }
            }
        } onCancel: {
            // The handler is not on this actor.
            Task { await self.resume(id) }
        }
        limit.cancel()
    }

    /// - Returns: how many answers were let go.
    @discardableResult
    func release() -> Int {
        let released = waiters
        waiters = [:]
        for continuation in released.values { continuation.resume() }
        return released.count
    }

    /// Lets everything go, now and later: the server is stopping.
    func open() {
        isOpen = true
        release()
    }

    private func resume(_ id: Int) {
        waiters.removeValue(forKey: id)?.resume()
    }
}
