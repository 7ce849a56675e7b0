/// What a connection does at the moment.
public enum NATSConnectionState: Sendable, Hashable {
    /// Messages flow.
    case connected
    /// The connection broke and is being made again; subscriptions come back with it.
    case reconnecting
    /// Closed for good by this process.
    case closed
}
