import FoundationEssentials
import Worker

/// `orders.history`: what happened to an order, oldest first.
enum OrderHistory {
    private static let select: Statement = """
        SELECT e.version, e.type, e.payload->>'status', e.payload->>'reason', e.headers->>'actor', e.created_at
        FROM orders o JOIN events e ON e.aggregate_id = o.id
        WHERE o.id = $1 AND ($2::uuid IS NULL OR o.user_id = $2) AND e.version > $3 ORDER BY e.version LIMIT $4
        """
    private static let isThere: Statement = """
        SELECT 1 FROM orders WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2)
        """

    static let endpoint = Endpoint("orders.history") { fields in
        (
            id: fields.uuid("id"), after: fields.optionalInteger("after", in: 0...Int64.max) ?? 0,
            limit: fields.optionalInteger("limit", in: 1...100) ?? 20
        )
    } _: { request, context in
        let owner = Parameter.uuid(context.caller.confinedTo)
        let rows = try await context.query(
            select, .uuid(request.id), owner, .int(request.after), .int(request.limit + 1))
        // Every order has a first event: only a page beyond the last one can be empty.
        if rows.isEmpty, try await context.query(isThere, .uuid(request.id), owner).isEmpty {
            throw GetOrder.unknown(request.id)
        }
        let shown = rows.prefix(Int(request.limit))
        return Reply(
            try JSONWriter.object { json in
                json.field("orderId", request.id)
                try json.array("events") { json in
                    for row in shown { try write(row, to: &json, for: context.caller) }
                }
                if rows.count > shown.count, let last = shown.last { json.field("next", try last.int(0)) }
            })
    }

    private static func write(_ row: Row, to json: inout JSONWriter, for caller: Caller) throws {
        try json.object { json in
            json.field("version", try row.int(0))
            json.field("type", try row.text(1))
            json.fieldIfPresent("status", try row.textOrNil(2))
            json.fieldIfPresent("reason", try row.textOrNil(3))
            json.field("actor", actor(try row.textOrNil(4), shownTo: caller))
            json.field("at", Timestamp(microseconds: try row.timestamp(5)))
        }
    }

    /// Customers learn that it was staff, and not who.
    private static func actor(_ actor: String?, shownTo caller: Caller) -> String {
        guard let actor else { return "system" }
        return caller.confinedTo != nil && actor.hasPrefix("staff:") ? "staff" : actor
    }
}
