import FoundationEssentials
import Worker

/// `orders.get`: one indexed read, passed through byte for byte.
enum GetOrder {
    static let endpoint = Endpoint("orders.get") {
        $0.uuid("id")
    } _: { id, context in
        guard let row = try await context.query(OrderRow.select, .uuid(id), .uuid(context.caller.confinedTo)).first
        else { throw unknown(id) }
        return Reply(try row.bytes(0))
    }

    static func unknown(_ id: UUID) -> ServiceError {
        ServiceError(404, "order-not-found", "there is no order \(id.text)")
    }
}
