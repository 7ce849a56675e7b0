/// One loop waits here until a time has come or somebody has work for it.
actor WakeUp {
    private var waiter: CheckedContinuation<Void, Never>?
    private var isSignalled = false
    private var generation = 0

    func signal() {
        isSignalled = true
        resume()
    }

    /// Returns at `due`, after a signal since the last wait, or when cancelled. One caller at a time.
    func wait(until due: ContinuousClock.Instant?) async {
        defer { isSignalled = false }
        guard !isSignalled, !Task.isCancelled else { return }
        generation += 1
        let mine = generation
        // Its own task, because a continuation cannot be waited for with a limit.
        let alarm = due.map { due in
            Task {
                try? await Task.sleep(until: due, clock: .continuous)
                resume(generation: mine)
            }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiter = continuation }
            }
        } onCancel: {
            // The handler is not on this actor.
            Task { await self.resume(generation: mine) }
        }
        alarm?.cancel()
    }

    private func resume(generation: Int) {
        if generation == self.generation { resume() }
    }

    private func resume() {
        waiter?.resume()
        waiter = nil
    }
}
