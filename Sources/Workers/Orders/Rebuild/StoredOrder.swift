import FoundationEssentials
import Worker

/// An order as the database has it twice: its events, and the projection that they should make.
struct StoredOrder {
    let id: UUID
    private(set) var events: [StoredEvent] = []
    private let live: Live?

    /// The projection's row as it is.
    private struct Live {
        let userId: UUID
        let status: String
        let total: Int64
        let currency: String
        let version: Int64
        let document: [UInt8]
        let paymentDueAt: Int64
        let createdAt: Int64
        let updatedAt: Int64
        /// What it is found by; nil when it is not.
        let words: String?
    }

    private static let columns = """
        p.id, e.version, e.type, e.payload, e.created_at, a.address,
        o.user_id, o.status, o.total_amount, o.currency, o.version, o.document, o.payment_due_at, o.created_at,
        o.updated_at, s.words::text
        """
    private static let joins = """
        LEFT JOIN events e ON e.aggregate_id = p.id
        LEFT JOIN order_addresses a ON a.order_id = e.aggregate_id AND a.version = e.version
        LEFT JOIN orders o ON o.id = p.id AND coalesce(e.version, 1) = 1
        LEFT JOIN order_search s ON s.order_id = o.id
        """
    /// One statement sees one moment: events and projection are compared as they were together.
    static let page = Statement(
        """
        WITH p AS MATERIALIZED (
            SELECT id FROM (
                (SELECT aggregate_id AS id FROM events WHERE aggregate_id > $1 AND version = 1
                 ORDER BY aggregate_id LIMIT $2)
                UNION
                (SELECT id FROM orders WHERE id > $1 ORDER BY id LIMIT $2)) AS ids
            ORDER BY id LIMIT $2)
        SELECT \(columns) FROM p \(joins) ORDER BY p.id, e.version
        """)
    /// The words of texts, in their order.
    static let words: Statement = """
        SELECT to_tsvector('simple', t.text)::text FROM unnest($1) WITH ORDINALITY AS t (text, place) ORDER BY t.place
        """
    static let one = Statement("SELECT \(columns) FROM (SELECT $1::uuid AS id) p \(joins) ORDER BY e.version")

    /// - Parameter rows: of one of the statements, all of them.
    static func orders(_ rows: Rows) throws -> [StoredOrder] {
        var orders: [StoredOrder] = []
        for row in rows {
            let id = try row.uuid(0)
            if orders.last?.id != id { orders.append(try StoredOrder(id: id, row)) }
            guard let version = try row.intOrNil(1) else { continue }
            orders[orders.count - 1].events.append(
                StoredEvent(
                    version: version, type: try row.text(2), payload: try row.bytes(3),
                    time: Timestamp(microseconds: try row.timestamp(4)), address: try row.bytesOrNil(5)))
        }
        return orders
    }

    private init(id: UUID, _ row: Row) throws {
        self.id = id
        live =
            try row.isNull(6)
            ? nil
            : Live(
                userId: row.uuid(6), status: row.text(7), total: row.int(8), currency: row.text(9),
                version: row.int(10), document: row.bytes(11), paymentDueAt: row.timestamp(12),
                createdAt: row.timestamp(13), updatedAt: row.timestamp(14), words: row.textOrNil(15))
    }

    /// The order that the events make; nil when there are none.
    func rebuilt() throws -> Order? {
        try StoredEvent.fold(events, paymentDueAt: live.map { Timestamp(microseconds: $0.paymentDueAt) })
    }

    /// In what the projection is not what the events make; nil when it is.
    ///
    /// - Parameters:
    ///   - order: what ``rebuilt()`` made.
    ///   - words: what Postgres makes of its search text.
    func difference(to order: Order?, words: String) -> String? {
        guard let order else { return "it has no events" }
        guard let live else { return "it is missing" }
        var wrong: [String] = []
        func compare<T: Equatable>(_ name: String, _ one: T, _ other: T) {
            if one != other { wrong.append(name) }
        }
        compare("version", live.version, order.version)
        compare("status", live.status, order.status.rawValue)
        compare("user", live.userId, order.userId)
        compare("total", live.total, order.total.minorUnits)
        compare("currency", live.currency, order.total.currency.code)
        compare("document", live.document, order.document)
        compare(
            "payment deadline", Timestamp(microseconds: live.paymentDueAt).milliseconds, order.paymentDueAt.milliseconds
        )
        compare("creation", live.createdAt, order.createdAt.microseconds)
        compare("update", live.updatedAt, order.updatedAt.microseconds)
        compare("search words", live.words, words)
        return wrong.isEmpty ? nil : "other \(wrong.joined(separator: ", "))"
    }
}
