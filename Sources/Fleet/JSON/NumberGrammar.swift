/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, RFC 8259 section 6.
enum NumberGrammar {
    enum Result {
        /// The offset after the last byte of the number.
        case number(end: Int)
        /// A digit was needed at that offset.
        case digitExpected(at: Int)
        /// A zero is followed by a digit at that offset.
        case leadingZero(at: Int)
    }

    @inline(__always)
    static func scan(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Result {
        let count = bytes.count
        var index = start
        func isDigit(_ index: Int) -> Bool { index < count && bytes[index] &- 0x30 < 10 }

        if index < count, bytes[index] == UInt8(ascii: "-") { index += 1 }
        guard isDigit(index) else { return .digitExpected(at: index) }
        if bytes[index] == UInt8(ascii: "0") {
            index += 1
            if isDigit(index) { return .leadingZero(at: index) }
        } else {
            while isDigit(index) { index += 1 }
        }
        if index < count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard isDigit(index) else { return .digitExpected(at: index) }
            while isDigit(index) { index += 1 }
        }
        if index < count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
            guard isDigit(index) else { return .digitExpected(at: index) }
            while isDigit(index) { index += 1 }
        }
        return .number(end: index)
    }
}
