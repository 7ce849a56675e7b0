/// The last touch on a rendered text: lines of at most 72 columns where they can be broken, and single empty lines.
enum TextLayout {
    private static let width = 72

    /// Lines that begin with a space, such as lists and links, stay as they are.
    static func tidy(_ text: String) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count + 16)
        var isAfterText = false
        var isSeparated = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.contains(where: { $0 != " " }) else {
                isSeparated = isAfterText
                continue
            }
            if isSeparated { output += "\n" }
            (isAfterText, isSeparated) = (true, false)
            if line.utf8.count <= width || line.first == " " {
                output += line
                output += "\n"
            } else {
                wrap(line, to: &output)
            }
        }
        return output
    }

    private static func wrap(_ line: Substring, to output: inout String) {
        var column = 0
        for word in line.split(separator: " ") {
            let width = word.count
            if column > 0, column + 1 + width > Self.width {
                output += "\n"
                column = 0
            }
            if column > 0 { output += " " }
            output += word
            column += (column > 0 ? 1 : 0) + width
        }
        output += "\n"
    }
}
