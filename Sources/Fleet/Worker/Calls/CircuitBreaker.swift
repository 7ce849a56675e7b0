/// Closed, open, half-open: stops calling what keeps failing, and tries again with a single call once a pause is over.
///
/// A pure state machine; the caller brings the time.
struct CircuitBreaker {
    private enum State {
        /// Calls pass; `failures` is the number of consecutive ones.
        case closed(failures: Int)
        /// Calls are refused until the moment.
        case open(until: ContinuousClock.Instant)
        /// One call is trying; the others are refused.
        case halfOpen
    }

    private let threshold: Int
    private let pause: Duration
    private var state = State.closed(failures: 0)
    private var lastFailure: ContinuousClock.Instant?

    /// - Parameters:
    ///   - threshold: how many consecutive failures open it.
    ///   - pause: how long it stays open.
    init(threshold: Int, pause: Duration) {
        self.threshold = threshold
        self.pause = pause
    }

    /// Whether a call may be made now. A call that may must be followed by `succeed`, `fail` or `withdraw`.
    mutating func admits(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: return true
        case .halfOpen: return false
        case .open(let until):
            guard now >= until else { return false }
            state = .halfOpen
            return true
        }
    }

    /// The call was not made after all: that says nothing about the callee.
    mutating func withdraw(at now: ContinuousClock.Instant) {
        if case .halfOpen = state { state = .open(until: now) }
    }

    /// How long calls are refused still; nil when they are not.
    func remaining(at now: ContinuousClock.Instant) -> Duration? {
        if case .open(let until) = state, until > now { until - now } else { nil }
    }

    mutating func succeed() {
        state = .closed(failures: 0)
    }

    /// - Parameter began: when the call was made. Of calls that were under way at the same time only one counts: a worker
    ///   that dies takes all of them along, which is one failure and not many in a row.
    mutating func fail(at now: ContinuousClock.Instant, began: ContinuousClock.Instant) {
        if case .closed = state, let lastFailure, began < lastFailure { return }
        lastFailure = now
        switch state {
        case .closed(let failures) where failures + 1 < threshold: state = .closed(failures: failures + 1)
        case .closed, .halfOpen: state = .open(until: now + pause)
        case .open: break
        }
    }

    var isOpen: Bool {
        if case .open = state { true } else { false }
    }
}
