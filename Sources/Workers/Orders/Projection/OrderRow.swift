import FoundationEssentials
import Worker

/// The projection of an order: its row, what is kept beside it, and the statements that read and write them.
enum OrderRow {
    /// One statement, because it is in the way of every order: the row, the address, and the words it is found by.
    private static let insertion: Statement = """
        WITH address AS (
            INSERT INTO order_addresses (order_id, version, address)
            SELECT $1, $6, $10::json WHERE $10::json IS NOT NULL
        ), search AS (
            INSERT INTO order_search (order_id, words) VALUES ($1, to_tsvector('simple', $11))
        )
        INSERT INTO orders
            (id, user_id, status, total_amount, currency, version, document, payment_due_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        """
    private static let updating: Statement = """
        UPDATE orders SET status = $2, version = $3, document = $4, updated_at = $5 WHERE id = $1
        """
    private static let extending: Statement = """
        UPDATE orders SET version = $2, payment_due_at = $3 WHERE id = $1
        """
    private static let addressing: Statement = """
        INSERT INTO order_addresses (order_id, version, address) VALUES ($1, $2, $3)
        """
    private static let indexing: Statement = """
        INSERT INTO order_search (order_id, words) VALUES ($1, to_tsvector('simple', $2))
        ON CONFLICT (order_id) DO UPDATE SET words = excluded.words
        """

    private static let replacing: Statement = """
        INSERT INTO orders
            (id, user_id, status, total_amount, currency, version, document, payment_due_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET
            user_id = excluded.user_id, status = excluded.status, total_amount = excluded.total_amount,
            currency = excluded.currency, version = excluded.version, document = excluded.document,
            payment_due_at = excluded.payment_due_at, created_at = excluded.created_at, updated_at = excluded.updated_at
        """

    private static let columns = "document, version, payment_due_at"
    /// Foreign orders are not there for a customer.
    static let select = Statement(
        "SELECT \(columns) FROM orders WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2)")
    static let selectLocked = Statement("SELECT \(columns) FROM orders WHERE id = $1 FOR NO KEY UPDATE")
    /// Unpaid orders that are due, each for one instance only.
    static let claimUnpaid = Statement(
        """
        SELECT \(columns) FROM orders WHERE status = 'pending' AND payment_due_at < now()
        ORDER BY payment_due_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
        """)

    static func insert(_ order: Order) -> Query {
        Query(
            insertion, .uuid(order.id), .uuid(order.userId), .text(order.status.rawValue), .int(order.total.minorUnits),
            .text(order.total.currency.code), .int(order.version), .json(order.document),
            .timestamp(order.paymentDueAt.microseconds), .timestamp(order.createdAt.microseconds),
            .json(order.shippingAddress?.json), .text(order.searchText))
    }

    static func update(_ order: Order) -> Query {
        Query(
            updating, .uuid(order.id), .text(order.status.rawValue), .int(order.version), .json(order.document),
            .timestamp(order.updatedAt.microseconds))
    }

    static func extend(_ order: Order) -> Query {
        Query(extending, .uuid(order.id), .int(order.version), .timestamp(order.paymentDueAt.microseconds))
    }

    /// The row as the order's events make it, whatever it was.
    static func replace(_ order: Order) -> Query {
        Query(
            replacing, .uuid(order.id), .uuid(order.userId), .text(order.status.rawValue), .int(order.total.minorUnits),
            .text(order.total.currency.code), .int(order.version), .json(order.document),
            .timestamp(order.paymentDueAt.microseconds), .timestamp(order.createdAt.microseconds),
            .timestamp(order.updatedAt.microseconds))
    }

    /// The address of the order's version, and the words it is found by from now on.
    static func address(of order: Order) -> [Query] {
        [
            Query(addressing, .uuid(order.id), .int(order.version), .json(order.shippingAddress?.json)),
            index(order),
        ]
    }

    static func index(_ order: Order) -> Query {
        Query(indexing, .uuid(order.id), .text(order.searchText))
    }

    /// - Parameter row: of one of the statements here.
    static func order(_ row: Row) throws -> Order {
        try Order(
            document: row.bytes(0), version: row.int(1), paymentDueAt: Timestamp(microseconds: row.timestamp(2)))
    }
}
