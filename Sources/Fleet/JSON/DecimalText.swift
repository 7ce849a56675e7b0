/// Exact arithmetic on the text of JSON numbers.
enum DecimalText {
    enum Scaled: Equatable {
        case exact(Int64)
        case tooPrecise
        case tooLarge
        case notANumber
    }

    static func isNumber(_ text: String) -> Bool {
        withBytes(text) { bytes in
            guard case .number(let end) = NumberGrammar.scan(bytes, from: 0) else { return false }
            return end == bytes.count
        }
    }

    /// The value of `text` times 10^scale, when that is a whole number that fits.
    static func scaled(_ text: String, by scale: Int) -> Scaled {
        withBytes(text) { bytes in
            guard case .number(let end) = NumberGrammar.scan(bytes, from: 0), end == bytes.count else {
                return .notANumber
            }
            return value(bytes, scale: scale)
        }
    }

    private static func withBytes<T>(_ text: String, _ body: (UnsafeRawBufferPointer) -> T) -> T {
        var text = text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    private static func value(_ bytes: UnsafeRawBufferPointer, scale: Int) -> Scaled {
        let isNegative = bytes[0] == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        var shift = scale
        var end = bytes.count
        var inFraction = false
        var trailingZeros = 0
        var isZero = true
        scan: for index in start..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "."):
                inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                shift += exponent(bytes, from: index + 1)
                end = index
                break scan
            case let digit:
                if inFraction { shift -= 1 }
                trailingZeros = digit == UInt8(ascii: "0") ? trailingZeros + 1 : 0
                if digit != UInt8(ascii: "0") { isZero = false }
            }
        }
        if isZero { return .exact(0) }
        let dropped = min(trailingZeros, max(0, -shift))
        guard shift + dropped >= 0 else { return .tooPrecise }
        return magnitude(bytes, start..<end, dropping: dropped, thenZeros: shift + dropped, isNegative: isNegative)
    }

    private static func magnitude(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, dropping: Int, thenZeros: Int, isNegative: Bool
    ) -> Scaled {
        // Counted down from zero, because Int64.min has no positive counterpart.
        var result: Int64 = 0
        func push(_ digit: Int64) -> Bool {
            let (tenfold, overflow) = result.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.subtractingReportingOverflow(digit)
            result = sum
            return !overflow && !carry
        }
        var left = -dropping
        for byte in bytes[range] where byte != UInt8(ascii: ".") { left += 1 }
        for index in range where bytes[index] != UInt8(ascii: ".") && left > 0 {
            left -= 1
            guard push(Int64(bytes[index] - UInt8(ascii: "0"))) else { return .tooLarge }
        }
        var zeros = thenZeros
        while zeros > 0 {
            zeros -= 1
            guard push(0) else { return .tooLarge }
        }
        if isNegative { return .exact(result) }
        return result == .min ? .tooLarge : .exact(-result)
    }

    /// Saturates: what lies beyond is too large or too precise either way.
    private static func exponent(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var result = 0
        var isNegative = false
        for byte in bytes[start...] {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            default: result = min(100_000, result * 10 + Int(byte - UInt8(ascii: "0")))
            }
        }
        return isNegative ? -result : result
    }
}
