import Crypto
import FoundationEssentials

extension UUID {
    /// An id that follows from texts (RFC 9562, version 8).
    init(hashing parts: String...) {
        var bytes = Array(SHA256.hash(data: Array(parts.joined(separator: "\n").utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        self = bytes.withUnsafeBytes { $0.loadUnaligned(as: UUID.self) }
    }
}
