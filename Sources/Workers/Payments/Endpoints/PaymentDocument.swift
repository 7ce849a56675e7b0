import FoundationEssentials
import Worker

/// A payment as callers see it, read from a row.
struct PaymentDocument: Sendable {
    /// Of `payments p`, in the order in which ``init(_:)`` reads them.
    static let columns = """
        p.id, p.order_id, p.user_id, p.amount, p.currency, p.status, p.payment_method, p.stripe_payment_intent_id,
        p.failure_code, p.decline_code, p.failure_message, p.created_at, p.updated_at, p.processed_at,
        (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
         WHERE r.payment_id = p.id AND r.status = 'succeeded')
        """

    let id: UUID
    private let orderId: UUID
    private let userId: UUID
    private let amount: Money
    private let status: String
    private let method: String
    private let intentId: String?
    private let failure: (code: String, declineCode: String?, message: String?)?
    private let refunded: Money
    private let createdAt: Timestamp
    private let updatedAt: Timestamp
    private let processedAt: Timestamp?

    init(_ row: Row) throws {
        id = try row.uuid(0)
        guard let currency = Currency(try row.text(4)) else {
            throw UnreadableRow(description: "the payment \(id.text) cannot be read")
        }
        orderId = try row.uuid(1)
        userId = try row.uuid(2)
        amount = Money(minorUnits: try row.int(3), currency: currency)
        status = try row.text(5)
        method = try row.text(6)
        intentId = try row.textOrNil(7)
        failure = try row.textOrNil(8).map { ($0, try row.textOrNil(9), try row.textOrNil(10)) }
        createdAt = Timestamp(microseconds: try row.timestamp(11))
        updatedAt = Timestamp(microseconds: try row.timestamp(12))
        processedAt = try row.timestampOrNil(13).map { Timestamp(microseconds: $0) }
        refunded = Money(minorUnits: try row.int(14), currency: currency)
    }

    func write(to json: inout JSONWriter) {
        json.field("id", id)
        json.field("orderId", orderId)
        json.field("userId", userId)
        json.field("amount", amount)
        json.field("currency", amount.currency)
        json.field("status", status)
        json.field("paymentMethod", method)
        json.fieldIfPresent("stripePaymentIntentId", intentId)
        if let failure {
            json.object("failure") { json in
                json.field("code", failure.code)
                json.fieldIfPresent("declineCode", failure.declineCode)
                json.fieldIfPresent("message", failure.message)
            }
        }
        json.field("refundedAmount", refunded)
        json.field("createdAt", createdAt)
        json.field("updatedAt", updatedAt)
        json.fieldIfPresent("processedAt", processedAt)
    }
}
