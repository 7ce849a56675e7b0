/// Quoted-printable (RFC 2045, section 6.7): any text as ASCII lines of at most 76 characters.
enum QuotedPrintable {
    private static let lineLimit = 76

    /// - Parameters:
    ///   - text: lines that end in LF.
    ///   - output: gets lines that end in CRLF.
    static func encode(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                encode(UnsafeBufferPointer(rebasing: bytes[start..<end]), to: &output)
                start = end + 1
            }
        }
    }

    private static func encode(_ line: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var column = 0
        for index in line.indices {
            let byte = line[index]
            let isLast = index == line.count - 1
            let isLiteral: Bool =
                switch byte {
                case UInt8(ascii: "="): false
                case 0x21...0x7E: true
                case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
                default: false
                }
            let width = isLiteral ? 1 : 3
            // A soft line break takes one column, unless the line ends here anyway.
            if column + width > (isLast ? lineLimit : lineLimit - 1) {
                output.append(UInt8(ascii: "="))
                output.append(0x0D)
                output.append(0x0A)
                column = 0
            }
            if isLiteral {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "="))
                output.append(digit(byte >> 4))
                output.append(digit(byte & 15))
            }
            column += width
        }
        output.append(0x0D)
        output.append(0x0A)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
