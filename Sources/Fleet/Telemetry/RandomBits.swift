/// Random numbers for trace ids and request ids: fast, seeded by the system, not for secrets (xoshiro256**).
public struct RandomBits: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    public init() {
        var system = SystemRandomNumberGenerator()
        // The one state that the generator must not have is all zeros.
        state = (system.next(), system.next(), system.next(), system.next() | 1)
    }

    public mutating func next() -> UInt64 {
        let result = Self.rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = Self.rotate(state.3, by: 45)
        return result
    }

    private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 { value << count | value >> (64 - count) }

    /// A request id: 32 lowercase hexadecimal digits.
    public mutating func requestID() -> String {
        let (high, low) = (next(), next())
        return String(unsafeUninitializedCapacity: 32) { bytes in
            Hex.write(high, to: bytes, at: 0)
            Hex.write(low, to: bytes, at: 16)
            return 32
        }
    }
}
