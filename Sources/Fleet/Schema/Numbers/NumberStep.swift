import JSON

/// What `multipleOf` may be.
enum NumberStep: Sendable, Hashable {
    /// 10 to that: -2 is 0.01.
    case powerOfTen(Int)
    /// A positive integer below 10^17, so that a remainder times ten fits in an Int64.
    case integer(Int64)

    /// Nil for what is neither.
    init?(_ number: JSONNumber) {
        let decimal = ExactDecimal(number)
        guard !decimal.isZero, !decimal.isNegative, abs(decimal.highest) <= 64 else { return nil }
        if decimal.digits == [1] {
            self = .powerOfTen(decimal.highest)
        } else if let integer = number.int64, integer < 100_000_000_000_000_000 {
            self = .integer(integer)
        } else {
            return nil
        }
    }

    /// Takes every integer.
    var isVacuousForIntegers: Bool {
        if case .powerOfTen(...0) = self { true } else { false }
    }

    var text: String {
        switch self {
        case .powerOfTen(let exponent) where exponent < 0: "0." + String(repeating: "0", count: -exponent - 1) + "1"
        case .powerOfTen(let exponent): "1" + String(repeating: "0", count: exponent)
        case .integer(let integer): String(integer)
        }
    }

    func takes(_ number: DecimalScan) -> Bool {
        if number.isZero { return true }
        switch self {
        case .powerOfTen(let exponent): return number.lowest >= exponent
        case .integer(let divisor):
            guard number.isWhole else { return false }
            var remainder: Int64 = 0
            for index in number.first...number.last where number.bytes[index] != UInt8(ascii: ".") {
                remainder = (remainder * 10 + Int64(number.bytes[index] &- 0x30)) % divisor
            }
            // 64 tens hold every 2 and 5 that a divisor can have; more of them change nothing.
            for _ in 0..<min(number.lowest, 64) { remainder = remainder * 10 % divisor }
            return remainder == 0
        }
    }
}
