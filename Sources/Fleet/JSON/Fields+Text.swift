extension Fields {
    /// - Parameters:
    ///   - length: in Unicode code points, as Postgres and JSON Schema count.
    ///   - multiline: allows tabs and line breaks; other control characters are refused always.
    public mutating func string(
        _ name: String, length: ClosedRange<Int> = 1...255, multiline: Bool = false
    ) -> String {
        value(name, TextRule(length: length, multiline: multiline))
    }

    public mutating func optionalString(
        _ name: String, length: ClosedRange<Int> = 1...255, multiline: Bool = false
    ) -> String? {
        optionalValue(name, TextRule(length: length, multiline: multiline))
    }

    /// Several texts.
    public mutating func strings(
        _ name: String, count: ClosedRange<Int> = 0...100, length: ClosedRange<Int> = 1...255
    ) -> [String] {
        values(name, count: count, TextRule(length: length))
    }

    /// A text that no error message repeats, such as a password.
    /// - Parameter bytes: length in UTF-8; bcrypt takes 72.
    public mutating func secret(_ name: String, bytes: ClosedRange<Int> = 8...72) -> String {
        value(name, SecretRule(bytes: bytes))
    }

    /// An e-mail address of at most 255 characters.
    public mutating func email(_ name: String) -> String {
        value(name, EmailRule())
    }

    public mutating func optionalEmail(_ name: String) -> String? {
        optionalValue(name, EmailRule())
    }
}

/// Text of a certain length without control characters.
public struct TextRule: FieldRule {
    public let length: ClosedRange<Int>
    public let multiline: Bool

    public init(length: ClosedRange<Int>, multiline: Bool = false) {
        self.length = length
        self.multiline = multiline
    }

    public var placeholder: String { "" }
    public var expectation: String {
        length.lowerBound == length.upperBound
            ? "a string of \(length.lowerBound) characters"
            : "a string of \(length.lowerBound) to \(length.upperBound) characters"
    }

    public func read(_ value: JSONValue) -> FieldReading<String> {
        guard case .string(let text) = value else { return .refused }
        let survey = TextSurvey(text, allowLineBreaks: multiline)
        guard !survey.hasControls else {
            return .refusedBecause("expected no control characters, got \(text.echo)")
        }
        guard length.contains(survey.count) else {
            return .refusedBecause("expected \(expectation), got \(survey.count): \(text.echo)")
        }
        return .accepted(text)
    }
}

/// Text that is never repeated.
public struct SecretRule: FieldRule {
    public let bytes: ClosedRange<Int>

    public init(bytes: ClosedRange<Int>) {
        self.bytes = bytes
    }

    public var placeholder: String { "" }
    public var expectation: String { "a string of \(bytes.lowerBound) to \(bytes.upperBound) bytes" }

    public func read(_ value: JSONValue) -> FieldReading<String> {
        guard case .string(let text) = value else { return .refusedBecause("expected \(expectation)") }
        if TextSurvey(text, allowLineBreaks: false).hasControls {
            return .refusedBecause("expected no control characters")
        }
        guard bytes.contains(text.utf8.count) else {
            return .refusedBecause("expected \(expectation), got \(text.utf8.count)")
        }
        return .accepted(text)
    }
}

/// Length and control characters of a text, in one pass.
private struct TextSurvey {
    var count = 0
    var hasControls = false

    init(_ text: String, allowLineBreaks: Bool) {
        var text = text
        text.withUTF8 { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte & 0xC0 != 0x80 { count += 1 }
                switch byte {
                case 0x09, 0x0A, 0x0D: if !allowLineBreaks { hasControls = true }
                case ..<0x20, 0x7F: hasControls = true
                // U+0080 to U+009F are C2 80 to C2 9F.
                case 0x80...0x9F where previous == 0xC2: hasControls = true
                default: break
                }
                previous = byte
            }
        }
    }
}
