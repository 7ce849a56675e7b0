/// `^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$`, at most 255 characters, without empty parts between dots (RFC 5321) and
/// with names of hosts that do not begin or end with a hyphen.
public struct EmailRule: FieldRule {
    public init() {}

    public var placeholder: String { "" }
    public var expectation: String { "an e-mail address of at most 255 characters" }

    public func read(_ value: JSONValue) -> FieldReading<String> {
        guard case .string(let text) = value, Self.matches(text) else { return .refused }
        return .accepted(text)
    }

    /// No class but the local part's holds an `@`, so that there is exactly one, and the last dot ends the domain.
    public static func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count <= 255, let at = bytes.firstIndex(of: UInt8(ascii: "@")),
                let dot = bytes.lastIndex(of: UInt8(ascii: "."))
            else { return false }
            return at > 0 && dot > at + 1 && bytes.count - dot > 2
                && bytes[..<at].allSatisfy { isAlphanumeric($0) || isOneOf("._%+-", $0) }
                && bytes[(at + 1)..<dot].allSatisfy { isAlphanumeric($0) || isOneOf(".-", $0) }
                && bytes[(dot + 1)...].allSatisfy(isLetter)
                && hasParts(bytes[..<at]) && hasParts(bytes[(at + 1)...])
                && bytes[(at + 1)...].split(separator: period).allSatisfy { $0.first != hyphen && $0.last != hyphen }
        }
    }

    private static let period = UInt8(ascii: ".")
    private static let hyphen = UInt8(ascii: "-")

    /// No dot at an end or beside another.
    private static func hasParts(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var previous = period
        for byte in bytes {
            if byte == period, previous == period { return false }
            previous = byte
        }
        return previous != period
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || byte &- UInt8(ascii: "0") < 10 }
    private static func isOneOf(_ characters: StaticString, _ byte: UInt8) -> Bool {
        UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount).contains(byte)
    }
}
