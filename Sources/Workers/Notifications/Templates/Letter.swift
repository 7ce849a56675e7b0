import Worker

/// The words of a mail between greeting and signature. Whatever is put into it, the lines are those that were meant:
/// control characters and line breaks in names become spaces.
struct Letter {
    /// Lines that end in LF.
    private(set) var text = ""

    private static let width = 72

    /// Sentences, wrapped at 72 columns, with an empty line before.
    mutating func paragraph(_ sentences: String) {
        separate()
        var column = 0
        for word in MailText.words(sentences) {
            if column > 0, column + 1 + word.count > Self.width {
                text += "\n"
                column = 0
            }
            text += column > 0 ? " " + word : word
            column += (column > 0 ? 1 : 0) + word.count
        }
        text += "\n"
    }

    /// Lines that belong together, indented and not wrapped, with an empty line before.
    mutating func list(_ lines: [String]) {
        separate()
        for line in lines { text += "  \(MailText.cleaned(line))\n" }
    }

    private mutating func separate() {
        if !text.isEmpty { text += "\n" }
    }

    /// The whole text of a mail: `letter` as it was kept, with greeting and signature.
    static func complete(_ letter: String, firstName: String) -> String {
        let name = MailText.cleaned(firstName)
        return "Hello\(name.isEmpty ? "" : " " + name),\n\n\(letter)\nKind regards\nFlotilla\n"
    }
}
