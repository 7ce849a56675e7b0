/// What a worker does with the events of one stream, through one durable consumer shared by all its instances.
public struct EventConsumer: Sendable {
    /// `PAYMENT_EVENTS`
    public let stream: String
    let handle: @Reactor @Sendable (ReceivedEvent, EventTransaction) async throws -> Void

    /// - Parameter handle: called once for each event whose effects are committed; in one transaction with the inbox.
    ///   What it throws makes the event come again later; after a number of failures it becomes a dead letter.
    public init(
        _ stream: String, _ handle: @escaping @Reactor @Sendable (ReceivedEvent, EventTransaction) async throws -> Void
    ) {
        self.stream = stream
        self.handle = handle
    }
}
