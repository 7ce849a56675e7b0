import FoundationEssentials
import Worker

/// `orders.saga`: where an order's saga is, and what it waits for.
enum SagaState: String, JSONWritable {
    case awaitingPayment = "awaiting-payment"
    /// Paid; its stock is to be committed.
    case confirming
    case completed
    /// Cancelled; its stock is to be released and its payment voided.
    case compensating
    case compensated

    init(_ status: OrderStatus, isWaiting: Bool) {
        switch status {
        case .pending: self = .awaitingPayment
        case .confirmed, .shipped, .delivered: self = isWaiting ? .confirming : .completed
        case .cancelled: self = isWaiting ? .compensating : .compensated
        }
    }

    private static let select: Statement = """
        SELECT o.status, o.payment_due_at, o.created_at,
               (SELECT e.created_at FROM events e WHERE e.aggregate_id = o.id
                AND e.type IN ('ORDER_STATUS_UPDATED', 'ORDER_CANCELLED') ORDER BY e.version LIMIT 1),
               s.step, s.since, s.attempts, s.due_at, s.done_at, s.done_by, s.error
        FROM orders o LEFT JOIN saga_steps s ON s.order_id = o.id
        WHERE o.id = $1 ORDER BY s.since, s.step
        """

    static let endpoint = Endpoint("orders.saga") {
        $0.uuid("id")
    } _: { id, context in
        let rows = try await context.query(select, .uuid(id))
        guard let first = rows.first, let status = OrderStatus(rawValue: try first.text(0)) else {
            throw GetOrder.unknown(id)
        }
        let isWaiting = try rows.contains { try $0.textOrNil(4) != nil && $0.timestampOrNil(8) == nil }
        return Reply(
            try JSONWriter.object { json in
                json.field("orderId", id)
                json.field("state", SagaState(status, isWaiting: isWaiting))
                json.field("orderStatus", status)
                json.field("paymentDueAt", Timestamp(microseconds: try first.timestamp(1)))
                try json.array("steps") { json in
                    try writeBeginning(first, to: &json)
                    for row in rows where !(try row.isNull(4)) { try write(row, to: &json) }
                }
            })
    }

    /// The steps that the order's own row and events tell of.
    private static func writeBeginning(_ row: Row, to json: inout JSONWriter) throws {
        let created = Timestamp(microseconds: try row.timestamp(2))
        let decided = try row.timestampOrNil(3).map { Timestamp(microseconds: $0) }
        json.object { json in
            json.field("step", "reserve-stock")
            json.field("state", "done")
            json.field("since", created)
            json.field("doneAt", created)
            json.field("attempts", 0)
        }
        json.object { json in
            json.field("step", "await-payment")
            json.field("state", decided == nil ? "outstanding" : "done")
            json.field("since", created)
            json.fieldIfPresent("doneAt", decided)
            json.field("attempts", 0)
        }
    }

    private static func write(_ row: Row, to json: inout JSONWriter) throws {
        let done = try row.timestampOrNil(8).map { Timestamp(microseconds: $0) }
        let doneBy = try row.textOrNil(9)
        try json.object { json in
            json.field("step", try row.text(4))
            json.field("state", done == nil ? "outstanding" : doneBy == "superseded" ? "superseded" : "done")
            json.field("since", Timestamp(microseconds: try row.timestamp(5)))
            json.fieldIfPresent("doneAt", done)
            json.field("attempts", try row.int(6))
            if done == nil { json.field("nextAttemptAt", Timestamp(microseconds: try row.timestamp(7))) }
            json.fieldIfPresent("doneBy", doneBy)
            json.fieldIfPresent("error", try row.textOrNil(10))
        }
    }
}
