/// The shape of a decimal in JSON text that the grammar has accepted, without copying its digits.
struct DecimalScan {
    let bytes: UnsafeRawBufferPointer
    private(set) var isNegative = false
    /// The offsets of the first and last digit that is not zero; -1 in a zero.
    private(set) var first = -1
    private(set) var last = -1
    /// The powers of ten that these two stand for: 59.9 has 1 and -1.
    private(set) var highest = 0
    private(set) var lowest = 0

    /// Beyond this every comparison with a bound ends the same way.
    private static let farthest = 1 << 56

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        var index = 0
        if !bytes.isEmpty, bytes[0] == UInt8(ascii: "-") {
            isNegative = true
            index = 1
        }
        // The digits that stand before the point, from the first one that is not zero, give the first one's power.
        var place = 0
        var inFraction = false
        var point = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte &- 0x30 < 10 {
                if inFraction { place -= 1 } else { point += 1 }
                if byte != UInt8(ascii: "0") {
                    if first < 0 {
                        first = index
                        highest = inFraction ? place : point
                    }
                    last = index
                    lowest = inFraction ? place : point
                }
            } else if byte == UInt8(ascii: ".") {
                inFraction = true
            } else {
                index += 1
                break
            }
            index += 1
        }
        guard first >= 0 else {
            isNegative = false
            return
        }
        let exponent = Self.exponent(bytes, from: index)
        // Counted from the left so far; the point is known only now.
        highest = (highest > 0 ? point - highest : highest) + exponent
        lowest = (lowest > 0 ? point - lowest : lowest) + exponent
    }

    var isZero: Bool { first < 0 }
    var isWhole: Bool { isZero || lowest >= 0 }

    private static func exponent(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard start < bytes.count else { return 0 }
        var result = 0
        var isNegative = false
        for byte in bytes[start...] {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            default: result = min(farthest, result * 10 + Int(byte &- 0x30))
            }
        }
        return isNegative ? -result : result
    }

    func isLess(than bound: ExactDecimal) -> Bool { order(bound) < 0 }
    func isGreater(than bound: ExactDecimal) -> Bool { order(bound) > 0 }

    /// Below zero when this is the smaller one.
    func order(_ other: ExactDecimal) -> Int {
        if isZero || other.isZero {
            if isZero && other.isZero { return 0 }
            return isZero ? (other.isNegative ? 1 : -1) : (isNegative ? -1 : 1)
        }
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let magnitude = magnitudeOrder(other)
        return isNegative ? -magnitude : magnitude
    }

    private func magnitudeOrder(_ other: ExactDecimal) -> Int {
        if highest != other.highest { return highest < other.highest ? -1 : 1 }
        var place = 0
        for index in first...last where bytes[index] != UInt8(ascii: ".") {
            guard place < other.digits.count else { return 1 }
            let digit = bytes[index] &- 0x30
            if digit != other.digits[place] { return digit < other.digits[place] ? -1 : 1 }
            place += 1
        }
        return place < other.digits.count ? -1 : 0
    }
}
