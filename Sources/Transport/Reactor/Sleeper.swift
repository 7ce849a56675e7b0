/// One suspended ``Reactor/sleep(for:)``: woken by its timer or by cancellation, whichever comes first.
@Reactor
final class Sleeper {
    private var continuation: CheckedContinuation<Void, Never>?
    private var timer: ReactorTimer?
    private var isOver = false

    nonisolated init() {}

    func wait(for duration: Duration) async {
        await withCheckedContinuation { continuation in
            // Cancellation may have come before the wait began.
            if isOver || Task.isCancelled { return continuation.resume() }
            self.continuation = continuation
            timer = Reactor.schedule(after: duration) { self.wake() }
        }
    }

    func wake() {
        isOver = true
        timer?.cancel()
        timer = nil
        continuation?.resume()
        continuation = nil
    }
}
