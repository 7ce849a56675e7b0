/// What is taken from services that nobody checked before: stricter than what NATS and HTTP allow.
enum AnnouncementGrammar {
    /// A service, an endpoint or a token of a subject: `[A-Za-z0-9_-]{1,64}`.
    static func isName(_ text: some StringProtocol) -> Bool {
        1...64 ~= text.utf8.count && text.utf8.allSatisfy(isNameCharacter)
    }

    /// Names with dots between them, 128 bytes at most: the id becomes a part of a subject.
    static func isInstanceID(_ text: String) -> Bool {
        text.utf8.count <= 128 && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isName)
    }

    /// Up to 16 names with dots between them, 255 bytes at most. What begins with `_` or `$` is the broker's and its
    /// clients'
    /// own: `_INBOX`, `$JS`, `$SYS`.
    static func isSubject(_ text: String) -> Bool {
        let tokens = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 255 && tokens.count <= 16 && tokens.allSatisfy(isName) && !text.hasPrefix("_")
    }

    /// A member of a JSON object: `[A-Za-z][A-Za-z0-9_]*`, at most 64.
    static func isMemberName(_ text: String) -> Bool {
        isName(text) && text.utf8.first.map(isLetter) == true && !text.utf8.contains(UInt8(ascii: "-"))
    }

    /// The characters of a semantic version, at most 64.
    static func isVersion(_ text: String) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { isNameCharacter($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+") }
    }

    /// `500ms`, `2s` or `1m`; at most six digits.
    static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = quantity(text) else { return nil }
        return switch unit {
        case "ms": .milliseconds(number)
        case "s": .seconds(number)
        case "m": .seconds(number * 60)
        default: nil
        }
    }

    /// Bytes: `65536`, `64KiB` or `1MiB`; at most six digits.
    static func bytes(_ text: String) -> Int? {
        guard let (number, unit) = quantity(text) else { return nil }
        return switch unit {
        case "", "B": number
        case "KiB": number << 10
        case "MiB": number << 20
        default: nil
        }
    }

    private static func quantity(_ text: String) -> (number: Int, unit: Substring)? {
        let digits = text.utf8.prefix { 0x30...0x39 ~= $0 }
        guard 1...6 ~= digits.count, let number = Int(Substring(digits)), number > 0 else { return nil }
        return (number, text[digits.endIndex...])
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        isLetter(byte) || 0x30...0x39 ~= byte || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x41...0x5a ~= byte || 0x61...0x7a ~= byte }
}
