/// What a watched descriptor is ready for.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let read = Readiness(rawValue: 1)
    public static let write = Readiness(rawValue: 2)
    /// The other side has gone or the descriptor failed; set together with `read` and `write`, so that the next call
    /// on the descriptor reports the reason.
    public static let hangup = Readiness(rawValue: 4)
}
