import Glibc

/// Nanoseconds of the monotonic clock: what deadlines are compared with.
enum Monotonic {
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

extension Duration {
    /// Nanoseconds, 0 for negative durations.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        let whole = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !whole.overflow else { return .max / 4 }
        return min(.max / 4, whole.partialValue &+ UInt64(clamping: attoseconds / 1_000_000_000))
    }

    /// Milliseconds, at least 1: C calls take 0 for "no limit" or "at once".
    var wholeMilliseconds: Int64 { max(1, Int64(clamping: nanoseconds / 1_000_000)) }

    /// Between half of this and all of it, at random, so that many clients do not come back at the same moment.
    var jittered: Duration {
        let whole = Int64(clamping: nanoseconds)
        return .nanoseconds(Int64.random(in: whole / 2...max(whole / 2, whole)))
    }
}
