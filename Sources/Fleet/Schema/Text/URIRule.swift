/// A URI with a scheme, RFC 3986 section 3, by the characters that each part may hold.
enum URIRule {
    static func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches($0) }
    }

    private static func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, isLetter(bytes[0]),
            bytes[..<colon].allSatisfy({ isAlphanumeric($0) || isOneOf("+-.", $0) })
        else { return false }
        let rest = bytes[(colon + 1)...]
        let fragment = rest.firstIndex(of: UInt8(ascii: "#")) ?? rest.endIndex
        let query = rest[..<fragment].firstIndex(of: UInt8(ascii: "?")) ?? fragment
        var path = rest[..<query]
        if path.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) {
            let authority = path.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
            guard isAuthority(authority) else { return false }
            path = path[authority.endIndex...]
        }
        return consists(path, of: "/:@") && consists(rest[query..<fragment].dropFirst(), of: "/:@?")
            && consists(rest[fragment...].dropFirst(), of: "/:@?")
    }

    /// `user@host:port`; a host in brackets is an IPv6 address.
    private static func isAuthority(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let at = bytes.firstIndex(of: UInt8(ascii: "@"))
        if let at, !consists(bytes[..<at], of: ":") { return false }
        let host = at.map { bytes[($0 + 1)...] } ?? bytes
        if host.first == UInt8(ascii: "[") {
            guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = host[host.startIndex..<end].dropFirst()
            return address.count >= 2 && address.allSatisfy { isHexDigit($0) || isOneOf(":.", $0) }
                && isPort(host[(end + 1)...])
        }
        let colon = host.firstIndex(of: UInt8(ascii: ":")) ?? host.endIndex
        return consists(host[..<colon], of: "") && isPort(host[colon...])
    }

    private static func isPort(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        bytes.isEmpty || bytes.first == UInt8(ascii: ":") && bytes.dropFirst().allSatisfy { $0 &- 0x30 < 10 }
    }

    /// Unreserved characters, sub-delimiters, escapes, and those given.
    private static func consists(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, of others: StaticString) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.endIndex, isHexDigit(bytes[index + 1]), isHexDigit(bytes[index + 2]) else {
                    return false
                }
                index += 3
            } else {
                guard isAlphanumeric(byte) || isOneOf("-._~!$&'()*+,;=", byte) || isOneOf(others, byte) else {
                    return false
                }
                index += 1
            }
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || byte &- 0x30 < 10 }
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }
    private static func isOneOf(_ characters: StaticString, _ byte: UInt8) -> Bool {
        UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount).contains(byte)
    }
}
