/// Text from elsewhere, made fit for headers and single lines of a mail.
enum MailText {
    /// The text with every control character, line break and run of spaces turned into one space, and none at its ends.
    /// Whatever it contained, it is one line afterwards.
    static func cleaned(_ text: String) -> String {
        words(text).joined(separator: " ")
    }

    /// What stands between spaces, control characters and line breaks.
    static func words(_ text: String) -> [String] {
        text.unicodeScalars.split { isSpaceOrControl($0) }.map { String(String.UnicodeScalarView($0)) }
    }

    private static func isSpaceOrControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: scalar != "\u{A0}"
        default: false
        }
    }
}
