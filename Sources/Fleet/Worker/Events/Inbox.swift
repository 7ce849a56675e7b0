import FoundationEssentials
import Postgres

/// The version cursors of one consumer: per aggregate the last version whose effects are committed.
struct Inbox: Sendable {
    let consumer: String

    private static let create: Statement = """
        INSERT INTO inbox (consumer, aggregate_id, version)
        SELECT $1, id, 0 FROM unnest($2) AS id ORDER BY id ON CONFLICT DO NOTHING
        """
    private static let lock: Statement = """
        SELECT aggregate_id, version FROM inbox WHERE consumer = $1 AND aggregate_id = ANY($2)
        ORDER BY aggregate_id FOR UPDATE
        """
    private static let advance: Statement = """
        UPDATE inbox SET version = moved.version, updated_at = now()
        FROM unnest($2, $3) AS moved(aggregate_id, version)
        WHERE inbox.consumer = $1 AND inbox.aggregate_id = moved.aggregate_id
        """

    /// The statements that take the cursors of `aggregates`, held against other instances until the transaction ends. The
    /// last one's rows are the cursors. In the order of the ids, so that two instances never wait for each other.
    func taking(_ aggregates: [UUID]) -> [Query] {
        [
            Query(Self.create, .text(consumer), .uuids(aggregates)),
            Query(Self.lock, .text(consumer), .uuids(aggregates)),
        ]
    }

    func advancing(_ cursors: [UUID: Int64]) -> Query {
        Query(
            Self.advance, .text(consumer), .uuids(Array(cursors.keys)), .ints(Array(cursors.values)))
    }

    static func cursors(_ rows: Rows) throws -> [UUID: Int64] {
        var cursors: [UUID: Int64] = [:]
        for row in rows { cursors[try row.uuid(0)] = try row.int(1) }
        return cursors
    }
}
