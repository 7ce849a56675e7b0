public import NATS

/// Why a stream or a consumer is not as the contracts say.
public struct StreamPlanError: Error, Sendable, CustomStringConvertible {
    public let part: StreamPart
    public let reason: NATSError

    /// One line for people.
    public var description: String {
        guard reason.code == .notPermitted else { return "\(part): \(reason.message)" }
        return "\(part): this user of the broker may not make or change it; log in as the operator"
    }
}
