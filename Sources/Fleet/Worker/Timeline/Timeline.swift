import JSON
public import Postgres
import Reactor

public import struct FoundationEssentials.UUID

/// A worker's part of what happened around one aggregate: the events that it appended, the events that came to it, what it
/// gave up, and what the worker itself adds. `orders.timeline` puts the parts together.
public enum Timeline {
    /// Rows of `at` (timestamptz), `kind`, `name` (text) and `detail` (json) of an aggregate.
    public typealias Source = @Sendable (_ aggregateId: UUID) -> Query

    /// How many rows of each kind a part has at most: a reply must fit into a message.
    static let limit: Int64 = 300

    /// An internal endpoint that answers the worker's part; the request is `{orderId}`.
    public static func endpoint(_ subject: String, _ sources: Source...) -> Endpoint {
        Endpoint(subject) {
            $0.uuid("orderId")
        } _: { orderId, context in
            Reply(try await part(of: orderId, sources, context))
        }
    }

    /// `{"entries": [{at, kind, name, eventId, causedBy, trace, detail}]}`; `at` is in microseconds since 1970, because
    /// entries of several workers are to be put in order. One round trip.
    @Reactor
    public static func part(of aggregateId: UUID, _ sources: [Source], _ context: Context) async throws -> [UInt8] {
        let own = [events, deliveries, deadLetters].map { Query($0, .uuid(aggregateId), .int(limit)) }
        let results = try await context.database.batch(
            own + sources.map { $0(aggregateId) }, deadline: context.deadline.instant)
        return try JSONWriter.object(capacity: 16_384) { json in
            try json.array("entries") { json in
                for (index, rows) in results.enumerated() {
                    for row in rows.prefix(Int(limit)) { try write(row, isOwn: index < own.count, to: &json) }
                }
            }
        }
    }

    private static func write(_ row: Row, isOwn: Bool, to json: inout JSONWriter) throws {
        try json.object { json in
            json.field("at", try row.timestamp(0))
            json.field("kind", try row.text(1))
            json.field("name", try row.text(2))
            json.field("detail", raw: try row.bytes(3))
            guard isOwn else { return }
            json.fieldIfPresent("eventId", try row.uuidOrNil(4))
            json.fieldIfPresent("causedBy", try row.uuidOrNil(5))
            json.fieldIfPresent("trace", try row.textOrNil(6))
        }
    }

    private static func time(_ column: String) -> String {
        #"to_char(\#(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"#
    }

    private static let events = Statement(
        """
        SELECT created_at, 'event', type,
               json_strip_nulls(json_build_object(
                   'version', version, 'publishedAt', \(time("published_at")), 'actor', headers->>'actor',
                   'command', headers->>'command', 'requestId', headers->>'requestId', 'task', headers->>'task',
                   'causedByType', headers->>'causedByType')),
               event_id, (headers->>'causedBy')::uuid, headers->>'traceparent'
        FROM events WHERE aggregate_id = $1 ORDER BY version LIMIT $2
        """)
    private static let deliveries = Statement(
        """
        SELECT coalesce(done_at, last_at), 'delivery', type,
               json_strip_nulls(json_build_object(
                   'version', version, 'consumer', consumer, 'outcome', outcome, 'deliveries', deliveries,
                   'duplicates', duplicates, 'firstAt', \(time("first_at")), 'lastAt', \(time("last_at")),
                   'error', error)),
               NULL::uuid, event_id, trace
        FROM deliveries WHERE aggregate_id = $1 ORDER BY first_at, version LIMIT $2
        """)
    private static let deadLetters = Statement(
        """
        SELECT created_at, 'dead-letter', coalesce(headers->>'ce-type', subject),
               json_strip_nulls(json_build_object(
                   'consumer', consumer, 'version', version, 'deliveries', deliveries, 'error', error,
                   'replayedAt', \(time("replayed_at")))),
               NULL::uuid, event_id, headers->>'traceparent'
        FROM dead_letters WHERE aggregate_id = $1 ORDER BY created_at LIMIT $2
        """)
}
