/// Checks of whole subjects, `$SRV`, `$JS` and `_INBOX` ones included.
package enum Subject {
    /// Below the server's limit for a protocol line (4,096 bytes), which a reply subject shares.
    package static let maximumLength = 1_024

    /// Whether a message may be published to `subject`: tokens of printable ASCII without wildcards, joined by single dots.
    package static func isPublishable(_ subject: String) -> Bool { isValid(subject, wildcards: false) }

    /// Whether `subject` can be subscribed to: as for publishing, with `*` as a token and `>` as the last one allowed.
    package static func isSubscribable(_ subject: String) -> Bool { isValid(subject, wildcards: true) }

    private static func isValid(_ subject: String, wildcards: Bool) -> Bool {
        var subject = subject
        return subject.withUTF8 { isValid($0, wildcards: wildcards) }
    }

    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>, wildcards: Bool) -> Bool {
        guard !bytes.isEmpty, bytes.count <= maximumLength else { return false }
        var tokenStart = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "."):
                guard index > tokenStart else { return false }
                tokenStart = index + 1
            case UInt8(ascii: "*"):
                let endsToken = index + 1 == bytes.count || bytes[index + 1] == UInt8(ascii: ".")
                guard wildcards, index == tokenStart, endsToken else { return false }
            case UInt8(ascii: ">"):
                guard wildcards, index == tokenStart, index + 1 == bytes.count else { return false }
            case 0x21...0x7E: break
            default: return false
            }
        }
        return tokenStart < bytes.count
    }
}
