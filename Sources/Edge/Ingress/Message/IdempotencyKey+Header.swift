import Contracts

extension IdempotencyKey {
    /// The key in an `Idempotency-Key` request header (IETF draft httpapi-idempotency-key-header): a structured string in
    /// quotes, or the same text bare where it has no quotes and spaces. Both spellings are one key; nil when it is
    /// malformed.
    static func parse(header: String) -> String? {
        let key: String?
        if header.utf8.first == quote {
            key = unquoted(Array(header.utf8))
        } else {
            key = header.utf8.contains { $0 == quote || $0 == UInt8(ascii: " ") } ? nil : header
        }
        return key.flatMap { isValid($0) ? $0 : nil }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// RFC 8941, section 4.2.5: only a quote and a backslash are escaped, and nothing follows the closing quote.
    private static func unquoted(_ bytes: [UInt8]) -> String? {
        var key: [UInt8] = []
        key.reserveCapacity(bytes.count)
        var index = bytes.startIndex + 1
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == quote { return index == bytes.endIndex ? String(decoding: key, as: UTF8.self) : nil }
            guard byte == backslash else {
                key.append(byte)
                continue
            }
            guard index < bytes.endIndex, bytes[index] == quote || bytes[index] == backslash else { return nil }
            key.append(bytes[index])
            index += 1
        }
        return nil
    }
}
