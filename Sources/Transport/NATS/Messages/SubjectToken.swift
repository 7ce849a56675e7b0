/// One token of a subject that comes from outside: an id, a name.
///
/// libnats sends subjects as they are, so a space or a line break in one is an injected command (measured on 3.4.1). What
/// callers put between two dots is checked here and nowhere else.
public enum SubjectToken {
    /// Whether `token` matches `[A-Za-z0-9_-]{1,64}`.
    public static func isValid(_ token: some StringProtocol) -> Bool {
        var count = 0
        for byte in token.utf8 {
            count += 1
            guard count <= 64, isAllowed(byte) else { return false }
        }
        return count > 0
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
