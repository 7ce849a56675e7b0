/// What the reply subject of a delivered message says about it:
/// `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>`, or with
/// `<domain>.<account>` before the stream and a random token behind (ADR-15).
struct AckSubject: Equatable {
    let deliveries: Int
    let streamSequence: UInt64
    let consumerSequence: UInt64
    /// Nanoseconds since 1970.
    let timestamp_ns: Int64
    let pending: UInt64

    private static let prefix: StaticString = "$JS.ACK."

    init?(_ subject: UnsafePointer<CChar>) {
        for index in 0..<8 where UInt8(bitPattern: subject[index]) != Self.prefix.utf8Start[index] { return nil }
        var tokens = 1
        var index = 8
        while subject[index] != 0 {
            if subject[index] == 0x2E { tokens += 1 }
            index += 1
        }
        var reader = Reader(rest: subject + 8)
        switch tokens {
        case 7: reader.skip(2)
        case 9, 10: reader.skip(4)
        default: return nil
        }
        guard let deliveries = reader.number(), let streamSequence = reader.number(),
            let consumerSequence = reader.number(), let timestamp = reader.number(), let pending = reader.number()
        else { return nil }
        self.deliveries = Int(clamping: deliveries)
        self.streamSequence = streamSequence
        self.consumerSequence = consumerSequence
        self.timestamp_ns = Int64(clamping: timestamp)
        self.pending = pending
    }

    private struct Reader {
        var rest: UnsafePointer<CChar>

        mutating func skip(_ tokens: Int) {
            var left = tokens
            while left > 0, rest.pointee != 0 {
                if rest.pointee == 0x2E { left -= 1 }
                rest += 1
            }
        }

        /// The next token and the dot behind it; nil unless it is all digits.
        mutating func number() -> UInt64? {
            var (value, digits) = (UInt64(0), 0)
            while case let digit = UInt8(bitPattern: rest.pointee) &- 0x30, digit <= 9 {
                value = value &* 10 &+ UInt64(digit)
                digits += 1
                rest += 1
            }
            guard digits > 0, digits <= 19, rest.pointee == 0 || rest.pointee == 0x2E else { return nil }
            if rest.pointee == 0x2E { rest += 1 }
            return value
        }
    }
}
