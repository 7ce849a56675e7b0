/// What a reader refuses to take in.
public struct JSONLimits: Sendable, Hashable {
    /// The whole document, in bytes.
    public var bytes: Int
    /// Arrays and objects within each other; at most 512, because the reader recurses.
    public var depth: Int {
        didSet { depth = min(depth, 512) }
    }
    /// The text of one number, in bytes.
    public var numberBytes: Int

    public init(bytes: Int = 1 << 20, depth: Int = 32, numberBytes: Int = 64) {
        self.bytes = bytes
        self.depth = min(depth, 512)
        self.numberBytes = numberBytes
    }

    /// 1 MiB, 32 levels, numbers of 64 bytes.
    public static let `default` = JSONLimits()
}
