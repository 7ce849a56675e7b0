import Worker

/// A first or last name: 1 to 100 characters, without control characters and line separators, and not blank.
struct PersonName: FieldRule {
    private let text = TextRule(length: 1...100)

    var placeholder: String { "" }
    var expectation: String { "a name of 1 to 100 characters" }

    func read(_ value: JSONValue) -> FieldReading<String> {
        guard case .accepted(let name) = text.read(value) else { return text.read(value) }
        guard !name.unicodeScalars.contains(where: { Self.breaksLines($0) }) else {
            return .refusedBecause("expected no line breaks")
        }
        guard !name.unicodeScalars.allSatisfy({ $0.properties.isWhitespace }) else {
            return .refusedBecause("expected \(expectation), got only spaces")
        }
        return .accepted(name)
    }

    private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
