/// What goes wrong with the next webhook deliveries. Each number is used up by the events that it meets.
struct WebhookFaults: Sendable {
    /// Events that are never delivered.
    var drop = 0
    /// Events that are delivered twice.
    var duplicate = 0
    /// Events that are gathered and then delivered one after the other, the last one first.
    var reverse = 0
    /// Every delivery waits this long, until it is set to 0 again.
    var delayMs = 0

    static let countLimit = 1_000
    static let delayLimitMs = 600_000

    enum Verdict: Sendable, Equatable {
        case deliver(times: Int)
        case drop
        /// `isLast`: all that were to be reversed are there.
        case gather(isLast: Bool)
    }

    mutating func next() -> Verdict {
        if drop > 0 {
            drop -= 1
            return .drop
        }
        if reverse > 0 {
            reverse -= 1
            return .gather(isLast: reverse == 0)
        }
        if duplicate > 0 {
            duplicate -= 1
            return .deliver(times: 2)
        }
        return .deliver(times: 1)
    }
}
