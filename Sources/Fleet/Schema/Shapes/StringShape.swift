import JSON

/// What `type: string` says.
final class StringShape: Sendable {
    let format: StringFormat?
    /// In Unicode scalars, as the next one.
    let shortest: Int
    let longest: Int?
    let pattern: Pattern?

    init(format: StringFormat?, shortest: Int, longest: Int?, pattern: Pattern?) {
        self.format = format
        self.shortest = shortest
        self.longest = longest
        self.pattern = pattern
    }

    var expectation: String {
        let hasLength = shortest > 0 || longest != nil
        var result = format?.expectation(withLength: !hasLength) ?? "a string"
        switch (shortest, longest) {
        case (0, nil): break
        case (1, nil): result += " of at least 1 character"
        case (let shortest, nil): result += " of at least \(shortest) characters"
        case (let shortest, let longest?) where shortest == longest: result += " of \(shortest) characters"
        case (let shortest, let longest?): result += " of \(shortest) to \(longest) characters"
        }
        if let pattern {
            result += pattern.isWithoutControls ? " without control characters" : " that matches \(pattern.text)"
        }
        return result
    }

    /// Nil when the text fits.
    func refusal(of text: String) -> String? {
        let isLong = !hasFittingLength(text)
        guard isLong || format?.matches(text) == false || pattern?.matches(text) == false else { return nil }
        if format == .password { return "expected \(expectation)" }
        return "expected \(expectation), got \(isLong ? "\(text.unicodeScalars.count): " : "")\(text.echo)"
    }

    /// A scalar takes one to four bytes, so that mostly nothing has to be counted.
    private func hasFittingLength(_ text: String) -> Bool {
        let bytes = text.utf8.count
        let longest = longest ?? .max
        if bytes <= longest && (bytes + 3) / 4 >= shortest { return true }
        if bytes < shortest { return false }
        return shortest...longest ~= text.unicodeScalars.count
    }
}
