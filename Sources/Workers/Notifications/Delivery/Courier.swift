import Worker

/// Brings messages to where a channel ends.
protocol Courier: AnyObject, Sendable {
    var channel: Channel { get }
    /// How many messages are claimed at a time.
    var batchSize: Int { get }
    /// How long a batch takes at most; what was not tried by then is given back.
    var lease: Duration { get }

    /// - Parameter end: when the lease is over: nothing is begun that could outlast it.
    /// - Returns: how each ended, in their order.
    @Reactor func deliver(_ letters: [Letter], until end: ContinuousClock.Instant) async -> [DeliveryOutcome]

    /// Begins nothing more; what is under way is finished.
    @Reactor func stop()

    /// Gives up what is under way, within about a second.
    @Reactor func abort()
}
