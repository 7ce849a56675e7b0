public import FoundationEssentials

extension UUID {
    /// Strictly the 36-character form, `01890a5d-ac96-774b-bcce-b302099a8057`, in either case; nil for anything else.
    public init?(text: some StringProtocol) {
        let parsed = text.utf8.withContiguousStorageIfAvailable { UUID(utf8: UnsafeRawBufferPointer($0)) }
        guard let uuid = parsed ?? Array(text.utf8).withUnsafeBytes({ UUID(utf8: $0) }) else { return nil }
        self = uuid
    }

    /// The same, from UTF-8 bytes.
    public init?(utf8 text: UnsafeRawBufferPointer) {
        guard text.count == 36 else { return nil }
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isValid = withUnsafeMutableBytes(of: &bytes) { bytes in
            var offset = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    guard text[offset] == UInt8(ascii: "-") else { return false }
                    offset += 1
                }
                guard let high = HexDigit.value(text[offset]), let low = HexDigit.value(text[offset + 1]) else {
                    return false
                }
                bytes[index] = high << 4 | low
                offset += 2
            }
            return true
        }
        guard isValid else { return nil }
        self.init(uuid: bytes)
    }

    /// Lowercase, as it stands in JSON, subjects and logs.
    public var text: String {
        withLowercaseText { String(decoding: $0, as: UTF8.self) }
    }

    /// The 36 lowercase bytes of the text, without allocating.
    package func withLowercaseText<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
            var offset = 0
            withUnsafeBytes(of: uuid) { bytes in
                for index in 0..<16 {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[offset] = UInt8(ascii: "-")
                        offset += 1
                    }
                    text[offset] = HexDigit.character(bytes[index] >> 4)
                    text[offset + 1] = HexDigit.character(bytes[index])
                    offset += 2
                }
            }
            return body(UnsafeBufferPointer(text))
        }
    }
}
