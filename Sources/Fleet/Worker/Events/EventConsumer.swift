/// What a worker does with the events of one stream, through one durable consumer shared by all its instances.
public struct EventConsumer: Sendable {
    /// `PAYMENT_EVENTS`
    public let stream: String
    let prepare: (@Reactor @Sendable ([ReceivedEvent], EventTransaction) async throws -> Void)?
    let handle: @Reactor @Sendable (ReceivedEvent, EventTransaction) async throws -> Void

    /// - Parameters:
    ///   - prepare: called with all events that are handled in one transaction, before the first of them: to lock in one
    ///     order what the handlers will change in theirs.
    ///   - handle: called once for each event whose effects are committed; in one transaction with the inbox. What it
    ///     throws makes the event come again later; after a number of failures it becomes a dead letter.
    public init(
        _ stream: String,
        preparing prepare: (@Reactor @Sendable ([ReceivedEvent], EventTransaction) async throws -> Void)? = nil,
        _ handle: @escaping @Reactor @Sendable (ReceivedEvent, EventTransaction) async throws -> Void
    ) {
        self.stream = stream
        self.prepare = prepare
        self.handle = handle
    }
}
