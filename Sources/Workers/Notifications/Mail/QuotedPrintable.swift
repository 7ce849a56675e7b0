/// Quoted-printable (RFC 2045, section 6.7): any text as ASCII lines of at most 76 characters.
enum QuotedPrintable {
    private static let lineLimit = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// - Parameter text: lines that end in LF.
    /// - Returns: lines that end in CRLF.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            encode(line, to: &output)
        }
        // What follows the last LF is no line.
        if text.utf8.last == UInt8(ascii: "\n") { output.removeLast(2) }
        return output
    }

    private static func encode(_ line: Substring.UTF8View, to output: inout [UInt8]) {
        var column = 0
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            index = line.index(after: index)
            let isLast = index == line.endIndex
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
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            if isLiteral {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
            column += width
        }
        output += [0x0D, 0x0A]
    }
}
