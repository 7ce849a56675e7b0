public import Postgres
public import Reactor

/// The transaction in which the effects of events, what they in turn append, and the inbox are committed together.
@Reactor
public final class EventTransaction {
    /// Calls, periodic tools and the logger; what goes through `context.database` is not part of this transaction.
    public let context: Context
    let transaction: Transaction
    private(set) var appended: [OutboxEvent] = []
    private var hooks: [@Reactor () -> Void] = []
    private var cause: EventCause

    init(transaction: Transaction, context: Context) {
        self.transaction = transaction
        self.context = context
        cause = context.cause
    }

    /// Runs one statement inside the transaction.
    public func query(_ statement: Statement, _ parameters: Parameter...) async throws -> Rows {
        try await transaction.query(Query(statement, parameters: parameters))
    }

    /// Runs one statement inside the transaction.
    @discardableResult
    public func query(_ query: Query) async throws -> Rows {
        try await transaction.query(query)
    }

    /// Runs statements inside the transaction, in one round trip.
    @discardableResult
    public func batch(_ queries: [Query]) async throws -> [Rows] {
        guard !queries.isEmpty else { return [] }
        return try await transaction.batch(queries)
    }

    /// Appends events: they become visible, and go to the stream, with the commit.
    /// - Throws: when the contract does not declare one.
    public func append(_ events: NewEvent...) throws {
        for event in events { try context.services.check(event) }
        appended.append(contentsOf: events.map { OutboxEvent($0, cause: cause) })
    }

    /// Runs `body` once the transaction has been committed, and never when it has not: to begin at once with what a
    /// periodic task would find a little later. Nothing that must happen may depend on it.
    public func afterCommit(_ body: @escaping @Reactor () -> Void) {
        hooks.append(body)
    }

    func committed() {
        for hook in hooks { hook() }
        hooks.removeAll()
    }

    /// Events that are appended from here on were caused by `event`.
    func began(_ event: ReceivedEvent) {
        cause = EventCause(trace: event.trace, event: event.id, eventType: event.type)
    }
}
