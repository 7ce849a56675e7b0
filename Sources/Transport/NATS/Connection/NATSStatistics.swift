/// Counts since the connection was first made.
public struct NATSStatistics: Sendable, Hashable {
    public var messagesIn: UInt64 = 0
    public var messagesOut: UInt64 = 0
    public var bytesOut: UInt64 = 0
    /// How often a broken connection was made again.
    public var reconnects: UInt64 = 0
    /// Replies nobody waited for any more.
    public var lateReplies: UInt64 = 0
    /// Messages that libnats dropped because a subscription's queue was full; queues have no limit here, so more than 0
    /// is an error of this module.
    public var slowConsumerDrops: UInt64 = 0
    /// Errors that the server reported, permission violations mostly.
    public var serverErrors: UInt64 = 0
}
