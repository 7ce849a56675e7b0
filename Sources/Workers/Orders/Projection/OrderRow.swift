import FoundationEssentials
import Worker

/// The projection of an order: its row, and the statements that read and write it.
enum OrderRow {
    private static let insertion: Statement = """
        INSERT INTO orders
            (id, user_id, status, total_amount, currency, version, document, payment_due_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        """
    private static let updating: Statement = """
        UPDATE orders SET status = $2, version = $3, document = $4, updated_at = $5 WHERE id = $1
        """
    /// Foreign orders are not there for a customer.
    static let select: Statement = """
        SELECT document, version FROM orders WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2)
        """
    static let selectLocked: Statement = "SELECT document, version FROM orders WHERE id = $1 FOR NO KEY UPDATE"

    static func insert(_ order: Order, payableUntil due: Timestamp) -> Query {
        Query(
            insertion, .uuid(order.id), .uuid(order.userId), .text(order.status.rawValue), .int(order.total.minorUnits),
            .text(order.total.currency.code), .int(order.version), .json(order.document),
            .timestamp(due.microseconds), .timestamp(order.createdAt.microseconds))
    }

    static func update(_ order: Order) -> Query {
        Query(
            updating, .uuid(order.id), .text(order.status.rawValue), .int(order.version), .json(order.document),
            .timestamp(order.updatedAt.microseconds))
    }

    /// - Parameter row: of ``select`` or ``selectLocked``.
    static func order(_ row: Row) throws -> Order {
        try Order(document: row.bytes(0), version: row.int(1))
    }
}
