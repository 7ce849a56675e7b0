import JSON

/// A decimal of any size, as exact as it was written: `1.0`, `1` and `10e-1` are the same.
struct ExactDecimal: Sendable, Hashable {
    /// False for zero.
    let isNegative: Bool
    /// From the first to the last that is not zero; none in a zero.
    let digits: [UInt8]
    /// The power of ten of the first digit.
    let highest: Int

    init(_ number: JSONNumber) {
        var text = number.text
        self = text.withUTF8 { bytes in
            let scan = DecimalScan(UnsafeRawBufferPointer(bytes))
            let digits = scan.isZero ? [] : bytes[scan.first...scan.last].filter { $0 != UInt8(ascii: ".") }
            return ExactDecimal(
                isNegative: scan.isNegative, digits: digits.map { $0 &- 0x30 }, highest: scan.isZero ? 0 : scan.highest)
        }
    }

    private init(isNegative: Bool, digits: [UInt8], highest: Int) {
        self.isNegative = isNegative
        self.digits = digits
        self.highest = highest
    }

    var isZero: Bool { digits.isEmpty }

    /// The power of ten of the last digit.
    var lowest: Int { highest - digits.count + 1 }

    /// Plain digits with at least so many decimal places. Numbers with very large or small exponents keep one.
    func text(places: Int) -> String {
        guard abs(highest) <= 64, lowest >= -64 else {
            let digits = digits.map(String.init).joined()
            return "\(isNegative ? "-" : "")\(digits)e\(lowest)"
        }
        var result = isNegative ? "-" : ""
        for place in stride(from: max(highest, 0), through: min(isZero ? 0 : lowest, -places, 0), by: -1) {
            if place == -1 { result += "." }
            let offset = highest - place
            result += digits.indices.contains(offset) ? String(digits[offset]) : "0"
        }
        return result
    }
}

extension ExactDecimal: Comparable {
    static func < (one: ExactDecimal, other: ExactDecimal) -> Bool {
        if one.isZero || other.isZero || one.isNegative != other.isNegative { return one.sign < other.sign }
        let isSmaller =
            one.highest == other.highest
            ? one.digits.lexicographicallyPrecedes(other.digits) : one.highest < other.highest
        return one.isNegative ? !isSmaller && one != other : isSmaller
    }

    private var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }
}
