import JSON

/// A compiled `pattern`. Matches the whole text, by Unicode scalars, with the classes of ECMAScript.
struct Pattern: Sendable {
    let text: String
    /// Nil for the pattern that is read by hand.
    private let regex: SharedRegex?
    /// A `Regex` takes about 2 µs for a short text, and 50 µs to be made; this pattern, which most texts of the contracts
    /// have, is read by hand.
    let isWithoutControls: Bool

    /// - Throws: what is wrong with the text.
    init(_ text: String) throws(PatternFault) {
        self.text = text
        isWithoutControls = text == #"^[^\u0000-\u001f\u007f-\u009f]*$"#
        guard !isWithoutControls else {
            regex = nil
            return
        }
        try PatternFault.check(text)
        do {
            let regex = try Regex(text).matchingSemantics(.unicodeScalar).asciiOnlyDigits().asciiOnlyWordCharacters()
            self.regex = SharedRegex(regex: regex)
        } catch {
            throw PatternFault(message: "expected a regular expression, got \(text.echo)")
        }
    }

    func matches(_ value: String) -> Bool {
        guard let regex else { return !Self.hasControls(value) }
        return (try? regex.regex.wholeMatch(in: value)) != nil
    }
}

extension Pattern {
    fileprivate static func hasControls(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                // U+0080 to U+009F are C2 80 to C2 9F.
                if byte < 0x20 || byte == 0x7F || previous == 0xC2 && byte < 0xA0 { return true }
                previous = byte
            }
            return false
        }
    }
}

/// A `Regex` is not Sendable because it can hold closures; one that is made from text holds none, never changes, and
/// sets its compiled program once, atomically.
private struct SharedRegex: @unchecked Sendable {
    let regex: Regex<AnyRegexOutput>
}
