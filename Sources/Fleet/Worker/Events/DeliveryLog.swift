import FoundationEssentials
import Postgres

/// What is noted of the deliveries of one batch, in one statement: each event with what became of it, and how often it came.
struct DeliveryLog {
    enum Outcome: String {
        case waiting
        case failing
        case applied
        case dead
    }

    private struct Key: Hashable {
        let aggregateId: UUID
        let version: Int64
    }

    private struct Entry {
        let event: ReceivedEvent
        var outcome: Outcome
        /// What the broker says of how often it has been delivered.
        var told: Int64
        var duplicates: Int64
    }

    private let consumer: String
    private var entries: [Key: Entry] = [:]
    private var error: String?

    /// - Parameter consumer: as the inbox calls it.
    init(consumer: String, error: (any Error)? = nil) {
        self.consumer = consumer
        // Postgres takes no NUL in a text.
        self.error = error.map { String("\($0)".prefix(500)).replacing("\0", with: "") }
    }

    /// - Parameter deliveries: how often the broker has delivered this message.
    mutating func add(_ event: ReceivedEvent, _ outcome: Outcome, deliveries: Int, isDuplicate: Bool = false) {
        let key = Key(aggregateId: event.aggregateId, version: event.version)
        let fresh = Entry(event: event, outcome: outcome, told: 0, duplicates: 0)
        entries[key, default: fresh].told = max(entries[key]?.told ?? 0, Int64(deliveries))
        if isDuplicate { entries[key, default: fresh].duplicates += 1 }
        if outcome == .applied { entries[key, default: fresh].outcome = .applied }
    }

    /// In the order of the keys, so that two instances never wait for each other.
    private static let upsert: Statement = """
        INSERT INTO deliveries AS d
            (consumer, aggregate_id, version, event_id, type, outcome, deliveries, duplicates, done_at, error, trace)
        SELECT $1, e.aggregate_id, e.version, e.event_id, e.type, e.outcome, e.told, e.duplicates,
               CASE WHEN e.outcome IN ('applied', 'dead') THEN now() END, $9::text, nullif(e.trace, '')
        FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                    $10::text[])
             AS e (aggregate_id, version, event_id, type, outcome, told, duplicates, trace)
        ORDER BY e.aggregate_id, e.version
        ON CONFLICT (aggregate_id, version, consumer) DO UPDATE SET
            deliveries = greatest(d.deliveries + greatest(excluded.duplicates, 1), excluded.deliveries),
            duplicates = d.duplicates + excluded.duplicates,
            last_at = now(),
            outcome = CASE WHEN d.done_at IS NULL THEN excluded.outcome ELSE d.outcome END,
            done_at = coalesce(d.done_at, excluded.done_at),
            error = coalesce(excluded.error, d.error)
        """

    /// Nil when there is nothing to note.
    var query: Query? {
        guard !entries.isEmpty else { return nil }
        let all = Array(entries.values)
        return Query(
            Self.upsert, .text(consumer), .uuids(all.map(\.event.aggregateId)), .ints(all.map(\.event.version)),
            .uuids(all.map(\.event.id)), .texts(all.map(\.event.type)), .texts(all.map(\.outcome.rawValue)),
            .ints(all.map { max($0.told, $0.duplicates, 1) }), .ints(all.map(\.duplicates)), .text(error),
            .texts(all.map { $0.event.trace ?? "" }))
    }

    static let forget: Statement = """
        DELETE FROM deliveries WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM deliveries WHERE first_at < now() - interval '30 days' LIMIT 2000))
        """

    /// Keeps the table from growing for ever.
    static let forgetting = PeriodicTask("deliveries", every: .seconds(300)) { context in
        try await context.query(forget).affected == 2_000
    }
}
