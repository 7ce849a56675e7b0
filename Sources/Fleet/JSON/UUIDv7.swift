public import FoundationEssentials
import Synchronization

/// Time-ordered ids by RFC 9562 section 5.7. The twelve bits after the milliseconds hold the fraction of the millisecond
/// (section 6.2, method 3); ids of one process rise strictly, even when the clock stands still or goes back.
public enum UUIDv7 {
    /// The last prefix given out, in units of 1/4096 ms since 1970.
    private static let last = Atomic<UInt64>(0)

    public static func next() -> UUID {
        next(nanoseconds: WallClock.nanoseconds())
    }

    static func next(nanoseconds: UInt64) -> UUID {
        let (milliseconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let now = milliseconds << 12 | rest << 12 / 1_000_000
        var prefix = now
        var previous = last.load(ordering: .relaxed)
        while true {
            prefix = max(now, previous + 1)
            let (exchanged, original) = last.weakCompareExchange(
                expected: previous, desired: prefix, ordering: .relaxed)
            if exchanged { break }
            previous = original
        }
        return make(prefix: prefix, random: .random(in: .min ... .max))
    }

    private static func make(prefix: UInt64, random: UInt64) -> UUID {
        let high = (prefix >> 12) << 16 | 0x7000 | prefix & 0xFFF
        let low = 0x8000_0000_0000_0000 | random & 0x3FFF_FFFF_FFFF_FFFF
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) {
            $0.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return UUID(uuid: bytes)
    }
}

extension UUID {
    /// A new time-ordered id; each is greater than the one before.
    public static func version7() -> UUID { UUIDv7.next() }
}
