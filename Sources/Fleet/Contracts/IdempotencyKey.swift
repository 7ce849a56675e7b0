/// What tells two requests with one effect from two with an effect each.
public enum IdempotencyKey {
    /// 1 to 255 printable ASCII characters. Neither end may be a space: it would be lost in the header of a message.
    public static func isValid(_ key: some StringProtocol) -> Bool {
        1...255 ~= key.utf8.count && key.utf8.allSatisfy { 0x20...0x7e ~= $0 } && key.first != " " && key.last != " "
    }
}
