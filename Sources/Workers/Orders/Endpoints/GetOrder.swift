import FoundationEssentials
import Worker

/// `orders.get`: one indexed read, passed through byte for byte.
enum GetOrder {
    /// Foreign orders are not there for a customer.
    private static let select: Statement = """
        SELECT document FROM orders WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2)
        """

    static let endpoint = Endpoint("orders.get") {
        $0.uuid("id")
    } _: { id, context in
        guard let row = try await context.query(select, .uuid(id), .uuid(context.caller.confinedTo)).first
        else { throw unknown(id) }
        return Reply(try row.bytes(0))
    }

    static func unknown(_ id: UUID) -> ServiceError {
        ServiceError(404, "order-not-found", "there is no order \(id.text)")
    }
}
