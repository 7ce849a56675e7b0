import JSON
import Postgres
import Reactor

extension Context {
    /// Commits a command: its events, its effects and, where the request has an idempotency key, its reply, in one
    /// transaction and one round trip. The events are on their way to the stream when it returns.
    ///
    /// The events' ids make the transaction safe to send again: when the connection breaks and nobody knows whether it
    /// was committed, sending it again either commits it or collides with the first one's events, which tells.
    ///
    /// - Parameter reply: what is replayed to a second request with the same key.
    /// - Returns: the rows of each effect; nil when the outcome was found out by asking, so that there are none.
    /// - Throws: `PostgresError`. ``VersionConflict`` when another command on the aggregate came first: read again, decide
    ///   again.
    @discardableResult
    public func commit(_ effects: [Query], events: [NewEvent] = [], reply: Reply? = nil) async throws -> [Rows]? {
        for event in events { try services.check(event) }
        let outbox = events.map { OutboxEvent($0, cause: cause) }
        let aggregate = services.contract.stream?.aggregate ?? services.contract.name
        var queries = outbox.map { $0.insertion(aggregate: aggregate) }
        if let idempotency, let reply { queries.append(idempotency.recording(reply)) }
        queries.append(contentsOf: effects)
        let rows = try await commitResolvingUnknown(queries, firstEvent: outbox.first)
        services.relay.enqueue(outbox)
        return rows.map { Array($0.suffix(effects.count)) }
    }

    private func commitResolvingUnknown(_ queries: [Query], firstEvent: OutboxEvent?) async throws -> [Rows]? {
        var isRepeated = false
        while true {
            do {
                return try await database.batch(queries, deadline: deadline.instant)
            } catch {
                if error.isUniqueViolation, error.table == "events" {
                    if isRepeated, let firstEvent, try await isCommitted(firstEvent) { return nil }
                    throw VersionConflict()
                }
                // Another transaction held what this one wanted, and waited for what this one held: nothing is done.
                if error.isRetryable { throw VersionConflict() }
                guard error.outcomeUnknown, firstEvent != nil, deadline.remaining > .milliseconds(200) else {
                    throw error
                }
                logger.notice("commit unknown, asking", metadata: ["error": "\(error)"])
                isRepeated = true
                try await Reactor.sleep(for: .milliseconds(Int.random(in: 50...150)))
            }
        }
    }

    private static let selectEvent: Statement = "SELECT 1 FROM events WHERE event_id = $1"

    private func isCommitted(_ event: OutboxEvent) async throws -> Bool {
        try await !query(Self.selectEvent, .uuid(event.id)).isEmpty
    }

    /// Runs a command that reads, decides and commits, again when another command on the same aggregate came between.
    public func retryingConflicts<T>(_ command: @Reactor () async throws -> T) async throws -> T {
        for attempt in 0..<5 {
            do { return try await command() } catch is VersionConflict {
                try await Reactor.sleep(for: .milliseconds(Int.random(in: 1...(10 << attempt))))
            }
        }
        throw ServiceError.unavailable("others keep changing the same thing; try again")
    }
}

/// Another command appended to the aggregate first.
public struct VersionConflict: Error, CustomStringConvertible {
    public var description: String { "the aggregate has been changed meanwhile" }
}
