import FoundationEssentials
import Worker

/// `payments.get`: one payment, for its owner and staff.
enum GetPayment {
    private static let select: Statement = """
        SELECT p.order_id, p.user_id, p.amount, p.currency, p.status, p.payment_method, p.stripe_payment_intent_id,
               p.failure_code, p.decline_code, p.failure_message, p.created_at, p.updated_at, p.processed_at,
               (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
                WHERE r.payment_id = p.id AND r.status = 'succeeded')
        FROM payments p WHERE p.id = $1 AND ($2::uuid IS NULL OR p.user_id = $2)
        """

    static let endpoint = Endpoint("payments.get") {
        $0.uuid("id")
    } _: { id, context in
        guard let row = try await context.query(select, .uuid(id), .uuid(context.caller.confinedTo)).first else {
            throw ServiceError(404, "payment-not-found", "there is no payment \(id.text)")
        }
        return Reply(try document(id, row))
    }

    private static func document(_ id: UUID, _ row: Row) throws -> [UInt8] {
        guard let currency = Currency(try row.text(3)) else {
            throw UnreadableRow(description: "the payment \(id.text) cannot be read")
        }
        return try JSONWriter.object(capacity: 512) { json in
            json.field("id", id)
            json.field("orderId", try row.uuid(0))
            json.field("userId", try row.uuid(1))
            json.field("amount", Money(minorUnits: try row.int(2), currency: currency))
            json.field("currency", currency)
            json.field("status", try row.text(4))
            json.field("paymentMethod", try row.text(5))
            json.fieldIfPresent("stripePaymentIntentId", try row.textOrNil(6))
            if let code = try row.textOrNil(7) {
                let (declineCode, message) = (try row.textOrNil(8), try row.textOrNil(9))
                json.object("failure") { json in
                    json.field("code", code)
                    json.fieldIfPresent("declineCode", declineCode)
                    json.fieldIfPresent("message", message)
                }
            }
            json.field("refundedAmount", Money(minorUnits: try row.int(13), currency: currency))
            json.field("createdAt", Timestamp(microseconds: try row.timestamp(10)))
            json.field("updatedAt", Timestamp(microseconds: try row.timestamp(11)))
            json.fieldIfPresent("processedAt", try row.timestampOrNil(12).map { Timestamp(microseconds: $0) })
        }
    }
}
