public import NATS

/// A stream or consumer that is as the contracts say now.
public struct AppliedPart: Sendable, Hashable {
    public let part: StreamPart
    /// What was there before.
    public let found: JetStreamPresence

    public var isNews: Bool { found != .asWanted }
}

extension AppliedPart: CustomStringConvertible {
    /// `stream ORDER_EVENTS: changed (max_age)`
    public var description: String {
        switch found {
        case .missing: "\(part): made"
        case .different(let fields): "\(part): changed (\(fields.joined(separator: ", ")))"
        case .asWanted: "\(part): up to date"
        }
    }
}
