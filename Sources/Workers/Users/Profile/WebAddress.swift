import Worker

/// An `https` URL of at most 500 printable ASCII characters, with a host, without user and password.
struct WebAddress: FieldRule {
    private static let scheme = "https://"

    var placeholder: String { "" }
    var expectation: String { "a URL such as https://example.com/ada.png of at most 500 characters" }

    func read(_ value: JSONValue) -> FieldReading<String> {
        guard case .string(let text) = value, text.utf8.count <= 500, text.hasPrefix(Self.scheme),
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !Self.unsafe.contains($0) })
        else { return .refused }
        let authority = text.dropFirst(Self.scheme.count).prefix { !"/?#".contains($0) }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, host.first != ".", host.first != "-",
            host.utf8.allSatisfy(Self.isHostCharacter), parts.count <= 2,
            parts.count == 1 || parts[1].count <= 5 && UInt16(parts[1]) != nil
        else { return .refused }
        return .accepted(text)
    }

    /// What RFC 3986 does not let stand in a URL, and what would end an attribute of HTML.
    private static let unsafe = Set(#"<>"'\^`{|}"#.utf8)

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
