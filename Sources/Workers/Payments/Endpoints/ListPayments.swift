import FoundationEssentials
import Worker

/// `payments.list`: payments, the latest first, a page at a time: a customer's own, or for staff everybody's.
enum ListPayments {
    private struct Request: Sendable {
        let userId: UUID?
        let orderId: UUID?
        let status: PaymentStatus?
        let after: UUID?
        let limit: Int64
    }

    /// A statement for each set of ids that is given, so that each has the plan that fits its index.
    private static func select(_ condition: String) -> Statement {
        Statement(
            """
            SELECT \(PaymentDocument.columns) FROM payments p
            WHERE \(condition) AND ($3::text IS NULL OR p.status = $3) AND p.id < $4 ORDER BY p.id DESC LIMIT $5
            """)
    }

    private static let ofAll = select("$1::uuid IS NULL AND $2::uuid IS NULL")
    private static let ofUser = select("p.user_id = $1 AND $2::uuid IS NULL")
    private static let ofOrder = select("($1::uuid IS NULL OR p.user_id = $1) AND p.order_id = $2")
    private static let behindAll = UUID(
        uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))

    static let endpoint = Endpoint("payments.list") { fields in
        Request(
            userId: fields.optionalUUID("userId"), orderId: fields.optionalUUID("orderId"),
            status: fields.optionalChoice("status", of: PaymentStatus.self), after: fields.optionalUUID("after"),
            limit: fields.optionalInteger("limit", in: 1...100) ?? 20)
    } _: { request, context in
        let userId = context.caller.confinedTo ?? request.userId
        if let wanted = request.userId, wanted != userId {
            throw ServiceError(403, "forbidden", "only staff see the payments of others")
        }
        let statement = request.orderId != nil ? ofOrder : userId != nil ? ofUser : ofAll
        let rows = try await context.query(
            statement, .uuid(userId), .uuid(request.orderId), .text(request.status?.rawValue),
            .uuid(request.after ?? behindAll), .int(request.limit + 1))
        let payments = try rows.prefix(Int(request.limit)).map { try PaymentDocument($0) }
        return .object { json in
            json.objects("payments", payments) { json, payment in payment.write(to: &json) }
            // Given when there are more: the `after` of the next page.
            json.fieldIfPresent("next", rows.count > payments.count ? payments.last?.id : nil)
        }
    }
}
