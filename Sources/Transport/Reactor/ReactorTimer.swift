/// A timer of the reactor, fired at most once.
@Reactor
public final class ReactorTimer {
    let deadline: UInt64
    private var body: (@Reactor () -> Void)?
    private let queue: TimerQueue
    /// False once it has been taken out to be fired.
    var isQueued = true

    init(deadline: UInt64, queue: TimerQueue, body: @escaping @Reactor () -> Void) {
        self.deadline = deadline
        self.queue = queue
        self.body = body
    }

    var isCancelled: Bool { body == nil }

    /// Lets go of the body without running it; harmless after the timer has fired.
    public func cancel() {
        guard body != nil else { return }
        body = nil
        if isQueued { queue.timerWasCancelled() }
    }

    func fire() {
        let body = self.body
        self.body = nil
        body?()
    }
}
