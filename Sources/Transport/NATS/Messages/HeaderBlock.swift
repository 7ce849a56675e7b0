/// The header block of a received message, read in place: `NATS/1.0[ <status>[ <description>]]`, then `Name: value` lines.
///
/// libnats' own parser is not used on it: it lets an empty value swallow the line below (measured on 3.4.1), so whoever may
/// send headers could hide one. It does run on empty messages before they are handed over, and leaves NULs in place of the
/// colon after a name and of the end of a value; both forms read the same here.
struct HeaderBlock {
    let bytes: UnsafeRawBufferPointer

    private static let version: StaticString = "NATS/1.0"

    /// Nil unless the bytes start as a header block does.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 10 else { return nil }
        for index in 0..<8 where bytes[index] != Self.version.utf8Start[index] { return nil }
        self.bytes = bytes
    }

    /// The status of the first line, 503 for example.
    var status: Int? {
        var (index, value) = (8, 0)
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        let start = index
        while index < bytes.count, index < start + 3, case let digit = bytes[index] &- 0x30, digit <= 9 {
            value = value * 10 + Int(digit)
            index += 1
        }
        return index == start + 3 ? value : nil
    }

    /// What follows the status on the first line.
    var statusDescription: String? {
        guard status != nil else { return nil }
        var start = 8
        while start < bytes.count, bytes[start] == 0x20 { start += 1 }
        let value = text(from: start + 3, to: lineEnd(8))
        return value.isEmpty ? nil : value
    }

    /// The first value under exactly this name.
    func value(of name: String) -> String? {
        var name = name
        return name.withUTF8 { name in
            var line = lineEnd(8) + 1
            while line < bytes.count {
                let end = lineEnd(line)
                let colon = line + name.count
                if colon < end, isSeparator(bytes[colon]), matches(name, at: line) {
                    return text(from: colon + 1, to: end)
                }
                line = end + 1
            }
            return nil
        }
    }

    /// All headers in order.
    var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        var line = lineEnd(8) + 1
        while line < bytes.count {
            let end = lineEnd(line)
            if let colon = (line..<end).first(where: { isSeparator(bytes[$0]) }), colon > line {
                let name = String(decoding: bytes[line..<colon], as: UTF8.self)
                fields.append((name, text(from: colon + 1, to: end)))
            }
            line = end + 1
        }
        return fields
    }

    private func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte == 0 }

    private func matches(_ name: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        for index in 0..<name.count where bytes[start + index] != name[index] { return false }
        return true
    }

    /// Index of the line feed that ends the line at `start`, or the end of the block.
    private func lineEnd(_ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        return index
    }

    /// The bytes without spaces around them, up to a NUL.
    private func text(from start: Int, to end: Int) -> String {
        var (start, end) = (start, end)
        while start < end, isSpace(bytes[start]) { start += 1 }
        if start < end, let terminator = (start..<end).first(where: { bytes[$0] == 0 }) { end = terminator }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start < end ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D || byte == 0x09 }
}
