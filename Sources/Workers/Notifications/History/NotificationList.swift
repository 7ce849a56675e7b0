import FoundationEssentials
import Worker

/// `notifications.list`: what was written to a customer, the latest first.
struct NotificationList {
    let orderId: UUID?
    let limit: Int64

    init(_ fields: inout Fields) {
        orderId = fields.optionalUUID("orderId")
        limit = fields.optionalInteger("limit", in: 1...100) ?? 20
    }

    static func endpoint() -> Endpoint {
        Endpoint("notifications.list", { (fields: inout Fields) in NotificationList(&fields) }) { request, context in
            let rows = try await request.rows(context)
            return Reply(
                try JSONWriter.object { json in
                    try json.array("notifications") { json in
                        for row in rows { try write(row, to: &json) }
                    }
                })
        }
    }

    /// One statement for each way to ask, so that each has a plan that walks its own index from the end.
    @Reactor
    private func rows(_ context: Context) async throws -> Rows {
        switch (context.caller.confinedTo, orderId) {
        case (nil, nil): try await context.query(Self.all, .int(limit))
        case (let user?, nil): try await context.query(Self.ofUser, .uuid(user), .int(limit))
        case (nil, let order?): try await context.query(Self.ofOrder, .uuid(order), .int(limit))
        case (let user?, let order?):
            try await context.query(Self.ofUserAndOrder, .uuid(user), .uuid(order), .int(limit))
        }
    }

    private static let columns =
        "id, event_id, user_id, order_id, template, subject, status, channel, created_at, sent_at"
    private static let all = Statement("SELECT \(columns) FROM notifications ORDER BY id DESC LIMIT $1")
    private static let ofUser = Statement(
        "SELECT \(columns) FROM notifications WHERE user_id = $1 ORDER BY id DESC LIMIT $2")
    private static let ofOrder = Statement(
        "SELECT \(columns) FROM notifications WHERE order_id = $1 ORDER BY id DESC LIMIT $2")
    private static let ofUserAndOrder = Statement(
        "SELECT \(columns) FROM notifications WHERE user_id = $1 AND order_id = $2 ORDER BY id DESC LIMIT $3")

    private static func write(_ row: Row, to json: inout JSONWriter) throws {
        try json.object { json in
            json.field("id", try row.uuid(0))
            json.field("eventId", try row.uuid(1))
            json.field("userId", try row.uuid(2))
            json.fieldIfPresent("orderId", try row.uuidOrNil(3))
            json.field("template", try row.text(4))
            json.field("subject", try row.text(5))
            json.field("status", try row.text(6))
            json.field("channel", try row.text(7))
            json.field("createdAt", Timestamp(microseconds: try row.timestamp(8)))
            json.fieldIfPresent("sentAt", try row.timestampOrNil(9).map { Timestamp(microseconds: $0) })
        }
    }
}
