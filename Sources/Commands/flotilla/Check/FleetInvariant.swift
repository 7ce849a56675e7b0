/// Something that holds in the databases of a fleet whenever all work is done, and the statement that finds where it does
/// not. It looks across schemas, which no worker may: only for people and tests, with the database's own rights.
struct FleetInvariant: Sendable {
    let name: String
    /// Rows of one text each: what is wrong.
    let sql: String

    static let all =
        [
            FleetInvariant(
                name: "stock is what its ledger adds up to",
                sql: "SELECT 'the stock of the product ' || product_id FROM inventory.stock_mismatches()"),
            FleetInvariant(
                name: "stock of each order is held, sold or given back as the order says",
                sql: """
                    SELECT 'order ' || o.id || ' is ' || o.status || ', its stock ' || coalesce(r.state, 'nowhere')
                      FROM orders.orders o LEFT JOIN inventory.reservations r ON r.order_id = o.id
                     WHERE coalesce(r.state, '') <> CASE o.status
                           WHEN 'pending' THEN 'held' WHEN 'cancelled' THEN 'released' ELSE 'committed' END
                    """),
            FleetInvariant(
                name: "money is what its ledger adds up to",
                sql: """
                    SELECT name || ' of ' || id || ': ' || in_books || ' in the books, ' || in_ledger || ' in the ledger'
                      FROM payments.ledger_discrepancies
                    """),
            FleetInvariant(
                name: "each confirmed order was charged once and in full, and nothing is kept for any other",
                sql: """
                    SELECT 'order ' || o.id || ' is ' || o.status || ' and costs ' || o.total_amount || '; captured '
                           || coalesce(m.captured, 0) || ', given back ' || coalesce(m.refunded, 0)
                      FROM orders.orders o
                      LEFT JOIN (SELECT p.order_id, sum(b.captured) AS captured, sum(b.refunded) AS refunded,
                                        coalesce(sum(b.captured) FILTER (WHERE NOT p.is_unwanted), 0) AS wanted
                                   FROM payments.payments p
                                   JOIN payments.payment_balances b ON b.payment_id = p.id GROUP BY p.order_id) m
                             ON m.order_id = o.id
                     WHERE CASE WHEN o.status IN ('pending', 'cancelled') THEN m.captured <> m.refunded
                                ELSE m.wanted IS DISTINCT FROM o.total_amount END
                    """),
            FleetInvariant(
                name: "no saga has a step open",
                sql: "SELECT step || ' of order ' || order_id FROM orders.saga_steps WHERE done_at IS NULL"),
            FleetInvariant(
                name: "every webhook is handled",
                sql: "SELECT type || ' ' || event_id FROM payments.webhook_events WHERE handled_at IS NULL"),
        ]
        + ["users", "orders", "inventory", "payments", "notifications"].flatMap { schema in
            [
                FleetInvariant(
                    name: "every event of \(schema) is published",
                    sql: "SELECT type || ' ' || event_id FROM \(schema).events WHERE published_at IS NULL"),
                FleetInvariant(
                    name: "\(schema) has no dead letters",
                    sql: "SELECT coalesce(event_id::text, subject) || ': ' || error FROM \(schema).dead_letters"),
            ]
        }
}
