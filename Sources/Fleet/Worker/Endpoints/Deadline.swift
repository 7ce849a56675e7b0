import JSON

/// A moment after which nobody waits for the answer.
public struct Deadline: Sendable {
    /// The header that carries it, in milliseconds since 1970.
    static let header = "Flotilla-Deadline"

    public let timestamp: Timestamp
    public let instant: ContinuousClock.Instant

    /// From the header of a message. A deadline farther away than `longest`, none, or one that is no number is `longest`
    /// from now: a caller cannot make a worker hold on to a request for longer than its contract says.
    init(header: String?, longest: Duration) {
        let now = Timestamp.now()
        let latest = now + longest
        let asked = header.flatMap { Int64($0) }.map { Timestamp(milliseconds: max(0, min($0, latest.milliseconds))) }
        timestamp = asked ?? latest
        instant = ContinuousClock.now + (timestamp - now)
    }

    init(in duration: Duration) {
        timestamp = Timestamp.now() + duration
        instant = ContinuousClock.now + duration
    }

    /// Time left; zero or less when it has passed.
    public var remaining: Duration { instant - ContinuousClock.now }
    public var hasPassed: Bool { remaining <= .zero }

    var headerValue: String { String(timestamp.milliseconds) }
}
