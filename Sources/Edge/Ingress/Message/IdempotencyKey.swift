/// The `Idempotency-Key` request header (IETF draft httpapi-idempotency-key-header): a structured string in quotes, or
/// the same text bare.
enum IdempotencyKey {
    static let maxCount = 255

    /// The key without quotes and escapes, so that both spellings are one key; nil when it is malformed.
    ///
    /// 1 to 255 printable ASCII characters. Neither end may be a space: it would be lost in the header of the message.
    static func parse(_ header: String) -> String? {
        let bytes = Array(header.utf8)
        guard let first = bytes.first else { return nil }
        let key: [UInt8]?
        if first == quote {
            key = unquoted(bytes[...])
        } else {
            key = bytes.contains(quote) || bytes.contains(space) ? nil : bytes
        }
        guard let key, (1...maxCount).contains(key.count), key.first != space, key.last != space,
            key.allSatisfy({ (0x20...0x7e).contains($0) })
        else { return nil }
        return String(decoding: key, as: UTF8.self)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let space = UInt8(ascii: " ")

    /// RFC 8941, section 4.2.5: only a quote and a backslash are escaped, and nothing follows the closing quote.
    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var key: [UInt8] = []
        key.reserveCapacity(bytes.count)
        var index = bytes.startIndex + 1
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == quote { return index == bytes.endIndex ? key : nil }
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
