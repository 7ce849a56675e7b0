/// Percent-encoded text of a path segment or a query, decoded strictly.
enum PercentDecoding {
    enum Failure: Error {
        /// A `%` that two hexadecimal digits do not follow.
        case escape
        /// `%00`.
        case nul
        /// Bytes that are not UTF-8; overlong forms and surrogates are not.
        case notUTF8
        /// A character that may not stand in a path or query unescaped.
        case character
    }

    /// The decoded bytes of valid UTF-8 without NUL.
    /// - Parameter plusIsSpace: as in forms, which is what clients write into queries.
    static func decode(_ text: ArraySlice<UInt8>, plusIsSpace: Bool = false) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var isASCII = true
        var index = text.startIndex
        while index < text.endIndex {
            var byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "%"):
                guard text.endIndex - index >= 2, let high = hexValue(text[index]),
                    let low = hexValue(text[index + 1])
                else { throw .escape }
                byte = high << 4 | low
                index += 2
                guard byte != 0 else { throw .nul }
            case UInt8(ascii: "+") where plusIsSpace: byte = UInt8(ascii: " ")
            case 0x21...0x7e: break
            default: throw .character
            }
            if byte >= 0x80 { isASCII = false }
            bytes.append(byte)
        }
        guard isASCII || String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        return bytes
    }

    /// The value of a hexadecimal digit of either case.
    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x57
        case 0x41...0x46: byte - 0x37
        default: nil
        }
    }
}

extension PercentDecoding.Failure {
    var explanation: String {
        switch self {
        case .escape: "has a % that two hexadecimal digits do not follow"
        case .nul: "has a NUL character"
        case .notUTF8: "is not UTF-8"
        case .character: "has a character that must be percent-encoded"
        }
    }
}
