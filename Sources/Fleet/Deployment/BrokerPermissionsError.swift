/// Contracts from which no users of the broker can be made.
public struct BrokerPermissionsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The worker whose name is taken.
    public let worker: String

    public init(worker: String) {
        self.worker = worker
    }

    public var description: String {
        "the worker \(worker) cannot have a user of its own: the \(worker) of the fleet is called that"
    }
}
