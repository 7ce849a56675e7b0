/// A moment, in microseconds since 1970 UTC: the resolution of Postgres.
public struct Timestamp: Sendable, Hashable {
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public init(milliseconds: Int64) {
        microseconds = milliseconds * 1000
    }

    public init(seconds: Int64) {
        microseconds = seconds * 1_000_000
    }

    public static func now() -> Timestamp {
        Timestamp(microseconds: Int64(WallClock.nanoseconds() / 1000))
    }

    public var milliseconds: Int64 { microseconds.flooredQuotient(1000) }
    public var seconds: Int64 { microseconds.flooredQuotient(1_000_000) }

    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: moment.microseconds + duration.wholeMicroseconds)
    }

    public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: moment.microseconds - duration.wholeMicroseconds)
    }

    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .microseconds(later.microseconds - earlier.microseconds)
    }
}

extension Timestamp: Comparable {
    public static func < (one: Timestamp, other: Timestamp) -> Bool { one.microseconds < other.microseconds }
}

extension Duration {
    fileprivate var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

extension Int64 {
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
