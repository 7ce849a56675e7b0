extension JSONParser {
    /// Reads from the opening to the closing quote.
    @inline(__always)
    mutating func string() throws(JSONSyntaxError) -> String {
        let start = position + 1
        var index = start
        var union: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                if union >= 0x80 { try checkEncoding(start..<index) }
                position = index + 1
                return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(start, firstEscape: index) }
            if byte < 0x20 { throw controlCharacter(at: index) }
            union |= byte
            index += 1
        }
        throw error(.malformed, "the string is not closed", at: start - 1)
    }

    @inline(never)
    private mutating func escapedString(_ start: Int, firstEscape: Int) throws(JSONSyntaxError) -> String {
        var text = [UInt8](bytes[start..<firstEscape])
        position = firstEscape
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                // Escapes are ASCII, so that the source is valid UTF-8 exactly when the decoded text is.
                try checkEncoding(start..<position)
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case ..<0x20: throw controlCharacter(at: position)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error(.malformed, "the string is not closed", at: start - 1)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        let start = position
        position += 1
        switch current {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            text.append(contentsOf: String(try unicodeEscape(start)).utf8)
            return
        default: throw unexpected("one of \" \\ / b f n r t u after a backslash")
        }
        position += 1
    }

    /// `\u` with four digits, or two of them that make a surrogate pair. Stands at the `u`; leaves behind the last digit.
    private mutating func unicodeEscape(_ start: Int) throws(JSONSyntaxError) -> UnicodeScalar {
        let high = try fourDigits()
        if high == 0 { throw error(.malformed, "\\u0000 is not allowed", at: start) }
        if let scalar = UnicodeScalar(high) { return scalar }
        guard high < 0xDC00, current == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw error(.malformed, "a surrogate stands alone", at: start) }
        position += 1
        let low = try fourDigits()
        guard 0xDC00...0xDFFF ~= low, let scalar = UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else {
            throw error(.malformed, "a surrogate stands alone", at: start)
        }
        return scalar
    }

    private mutating func fourDigits() throws(JSONSyntaxError) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 {
            position += 1
            guard let digit = HexDigit.value(current) else { throw unexpected("four hexadecimal digits after \\u") }
            result = result << 4 | UInt32(digit)
        }
        position += 1
        return result
    }

    private func controlCharacter(at offset: Int) -> JSONSyntaxError {
        error(.malformed, "a control character in a string must be escaped", at: offset)
    }

    private func checkEncoding(_ range: Range<Int>) throws(JSONSyntaxError) {
        guard let offset = UTF8Check.firstFault(in: UnsafeRawBufferPointer(rebasing: bytes[range])) else { return }
        throw error(.invalidUTF8, "invalid UTF-8", at: range.lowerBound + offset)
    }
}
