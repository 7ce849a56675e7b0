/// When a member that ended is started again.
package struct Backoff: Sendable {
    package var base: Duration = .milliseconds(100)
    package var maximum: Duration = .seconds(10)
    /// A member that ran this long counts as healthy: its earlier failures are forgotten.
    package var healthyAfter: Duration = .seconds(30)

    /// Failures in a row.
    package private(set) var failures = 0

    package init() {}

    /// The wait before the next start; it doubles with every failure in a row and is shortened at random by up to half, so that
    /// members that fell together do not rise together.
    ///
    /// A planned end (exit code 0 after more than a second) is no failure: its replacement starts at once.
    package mutating func delay(
        after uptime: Duration, isPlanned: Bool, jitter: Double = .random(in: 0.5...1)
    ) -> Duration {
        if uptime >= healthyAfter { failures = 0 }
        if isPlanned, uptime >= .seconds(1) { return .zero }
        failures += 1
        var delay = base
        for _ in 1..<min(failures, 20) where delay < maximum { delay *= 2 }
        return min(delay, maximum) * jitter
    }
}
