import FoundationEssentials
import Worker

/// `payments.refunds`: all refunds of one payment, the earliest first, for its owner and staff.
enum ListRefunds {
    /// One row even when there is no refund, so that a payment without any is told from none at all.
    private static let select: Statement = """
        SELECT p.order_id, p.currency, r.id, r.amount, r.status, r.reason, r.stripe_refund_id, r.failure_reason,
               r.created_at, r.processed_at
        FROM payments p LEFT JOIN refunds r ON r.payment_id = p.id
        WHERE p.id = $1 AND ($2::uuid IS NULL OR p.user_id = $2)
          AND ($3::uuid IS NULL OR r.id > $3)
        ORDER BY r.id LIMIT $4
        """

    static let endpoint = Endpoint("payments.refunds") { fields in
        (
            id: fields.uuid("id"), after: fields.optionalUUID("after"),
            limit: fields.optionalInteger("limit", in: 1...100) ?? 20
        )
    } _: { request, context in
        let rows = try await context.query(
            select, .uuid(request.id), .uuid(context.caller.confinedTo), .uuid(request.after), .int(request.limit + 1))
        // Behind the last refund there is no row, as there is none of an unknown payment.
        if rows.isEmpty, request.after == nil { throw ServiceError.noPayment(request.id) }
        let refunds = try rows.prefix(Int(request.limit)).compactMap { try document($0, paymentId: request.id) }
        return .object { json in
            json.objects("refunds", refunds) { json, refund in refund.write(to: &json) }
            json.fieldIfPresent("next", rows.count > Int(request.limit) ? refunds.last?.id : nil)
        }
    }

    private static func document(_ row: Row, paymentId: UUID) throws -> RefundDocument? {
        guard let id = try row.uuidOrNil(2) else { return nil }
        guard let currency = Currency(try row.text(1)), let status = RefundStatus(rawValue: try row.text(4)) else {
            throw UnreadableRow(description: "the refund \(id.text) cannot be read")
        }
        return RefundDocument(
            id: id, paymentId: paymentId, orderId: try row.uuid(0),
            amount: Money(minorUnits: try row.int(3), currency: currency), status: status,
            reason: try row.textOrNil(5) ?? "", stripeId: try row.textOrNil(6), failureReason: try row.textOrNil(7),
            createdAt: Timestamp(microseconds: try row.timestamp(8)),
            processedAt: try row.timestampOrNil(9).map { Timestamp(microseconds: $0) })
    }
}
