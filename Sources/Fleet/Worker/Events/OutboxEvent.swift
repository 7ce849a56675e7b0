import Contracts
import FoundationEssentials
import JSON
import NATS
import Postgres

/// A row of the `events` table on its way to the stream.
struct OutboxEvent: Sendable {
    let id: UUID
    let aggregateId: UUID
    let version: Int64
    let type: String
    let time: Timestamp
    let payload: [UInt8]
    let cause: EventCause

    init(_ event: NewEvent, cause: EventCause) {
        id = event.id
        aggregateId = event.aggregateId
        version = event.version
        type = event.type
        time = event.time
        payload = event.payload
        self.cause = cause
    }

    // MARK: - In the table

    private static let insert: Statement = """
        INSERT INTO events (event_id, aggregate, aggregate_id, version, type, payload, headers, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """

    func insertion(aggregate: String) -> Query {
        Query(
            Self.insert, .uuid(id), .text(aggregate), .uuid(aggregateId), .int(version), .text(type), .json(payload),
            .json(cause.headers), .timestamp(time.microseconds))
    }

    /// Rows that nobody published: the process that committed them ended, or the broker did not answer. The pause keeps
    /// them apart from those that are being published at this moment.
    static let selectUnpublished: Statement = """
        SELECT event_id, aggregate_id, version, type, payload, headers->>'traceparent', created_at FROM events
        WHERE published_at IS NULL AND created_at < now() - interval '2 seconds'
        ORDER BY created_at, aggregate_id, version LIMIT $1
        """

    init(_ row: Row) throws {
        id = try row.uuid(0)
        aggregateId = try row.uuid(1)
        version = try row.int(2)
        type = try row.text(3)
        payload = try row.bytes(4)
        cause = EventCause(trace: try row.textOrNil(5))
        time = Timestamp(microseconds: try row.timestamp(6))
    }

    static let markPublished: Statement = "UPDATE events SET published_at = now() WHERE event_id = ANY($1)"

    // MARK: - On the stream

    /// CloudEvents' NATS binding: attributes as `ce-` headers. `ce-sequence` is its extension for the place in an order.
    func headers(source: String) -> NATSHeaders {
        var headers: NATSHeaders = [
            ("Nats-Msg-Id", id.text), ("ce-specversion", "1.0"), ("ce-id", id.text), ("ce-type", type),
            ("ce-source", source), ("ce-time", time.text), ("ce-subject", aggregateId.text),
            ("ce-sequence", String(version)), ("content-type", "application/json"),
        ]
        if let trace = cause.trace { headers.append("traceparent", trace) }
        return headers
    }
}
