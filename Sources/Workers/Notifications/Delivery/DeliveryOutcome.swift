/// How an attempt at one message ended.
enum DeliveryOutcome: Sendable, Equatable {
    case sent
    /// There is nobody to write to, or nothing to say any more.
    case skipped(reason: String)
    /// Comes again after a pause, a limited number of times.
    case failed(reason: String)
    /// Whoever takes messages will not take this one, however often it comes.
    case refused(reason: String)
    /// Was not tried, because there was no time left for it: comes again when the lease is over.
    case untried
}
