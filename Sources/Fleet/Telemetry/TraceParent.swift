/// The `traceparent` header of W3C Trace Context: `00-<32 hex trace id>-<16 hex span id>-<2 hex flags>`, lowercase.
public enum TraceParent {
    static let count = 55

    /// The header for what this request causes: the caller's trace under a new span, or a new sampled trace when the
    /// caller sent none or a malformed one (section 3.2.2: ignore it, do not refuse the request).
    public static func continued(_ incoming: String?, random: inout RandomBits) -> String {
        // A span id of all zeros is invalid; setting a bit costs nothing that matters.
        let span = random.next() | 1
        if var incoming, isValid(&incoming) {
            return String(unsafeUninitializedCapacity: count) { bytes in
                // Version 00 is what this hop writes, whatever later version it was given (section 4.3).
                _ = bytes.update(fromContentsOf: incoming.utf8.prefix(count))
                bytes[0] = 0x30
                bytes[1] = 0x30
                Hex.write(span, to: bytes, at: 36)
                return count
            }
        }
        let (high, low) = (random.next(), random.next() | 1)
        return String(unsafeUninitializedCapacity: count) { bytes in
            _ = bytes.update(fromContentsOf: "00-00000000000000000000000000000000-0000000000000000-01".utf8)
            Hex.write(high, to: bytes, at: 3)
            Hex.write(low, to: bytes, at: 19)
            Hex.write(span, to: bytes, at: 36)
            return count
        }
    }

    public static func isValid(_ text: inout String) -> Bool {
        text.withUTF8 { bytes in
            guard bytes.count >= count, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return false }
            guard bytes[0..<2].allSatisfy(Hex.isLowercaseDigit), bytes[53..<55].allSatisfy(Hex.isLowercaseDigit),
                isIdentifier(bytes[3..<35]), isIdentifier(bytes[36..<52])
            else { return false }
            if bytes[0] == 0x66, bytes[1] == 0x66 { return false }
            // Version 00 has exactly these fields; a later version may append some after another dash.
            return bytes.count == count || (bytes[count] == dash && !(bytes[0] == 0x30 && bytes[1] == 0x30))
        }
    }

    private static let dash = UInt8(ascii: "-")

    private static func isIdentifier(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        bytes.allSatisfy(Hex.isLowercaseDigit) && bytes.contains { $0 != 0x30 }
    }
}
