import FoundationEssentials
import Worker

/// `notifications.list`: what was written to a customer, the latest first, a page at a time; for staff to everybody.
enum NotificationList {
    private struct Request: Sendable {
        let userId: UUID?
        let orderId: UUID?
        let status: String?
        let template: String?
        let after: UUID?
        let limit: Int64
    }

    /// A statement for each set of ids that is given, so that each has a plan that walks its own index from the end.
    private static func select(_ condition: String) -> Statement {
        Statement(
            """
            SELECT \(NotificationDocument.columns) FROM notifications
            WHERE \(condition) AND ($3::text IS NULL OR status = $3) AND ($4::text IS NULL OR template = $4) AND id < $5
            ORDER BY id DESC LIMIT $6
            """)
    }

    private static let ofAll = select("$1::uuid IS NULL AND $2::uuid IS NULL")
    private static let ofUser = select("user_id = $1 AND $2::uuid IS NULL")
    private static let ofOrder = select("($1::uuid IS NULL OR user_id = $1) AND order_id = $2")
    private static let behindAll = UUID(
        uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))

    static let endpoint = Endpoint("notifications.list") { fields in
        Request(
            userId: fields.optionalUUID("userId"), orderId: fields.optionalUUID("orderId"),
            status: fields.optionalString("status"), template: fields.optionalString("template"),
            after: fields.optionalUUID("after"), limit: fields.optionalInteger("limit", in: 1...100) ?? 20)
    } _: { request, context in
        let userId = context.caller.confinedTo ?? request.userId
        if let wanted = request.userId, wanted != userId {
            throw ServiceError(403, "forbidden", "only staff see the notifications of others")
        }
        let statement = request.orderId != nil ? ofOrder : userId != nil ? ofUser : ofAll
        let rows = try await context.query(
            statement, .uuid(userId), .uuid(request.orderId), .text(request.status), .text(request.template),
            .uuid(request.after ?? behindAll), .int(request.limit + 1))
        let page = try rows.prefix(Int(request.limit)).map { try NotificationDocument($0) }
        return .object { json in
            json.objects("notifications", page) { json, notification in
                notification.write(to: &json, for: context.caller)
            }
            // Given when there are more: the `after` of the next page.
            json.fieldIfPresent("next", rows.count > page.count ? page.last?.id : nil)
        }
    }
}
