import FoundationEssentials
import Worker

/// A refund as callers see it.
struct RefundDocument: Sendable {
    let id: UUID
    let paymentId: UUID
    let orderId: UUID
    let amount: Money
    var status = RefundStatus.pending
    let reason: String
    var stripeId: String?
    var failureReason: String?
    let createdAt: Timestamp
    var processedAt: Timestamp?

    func write(to json: inout JSONWriter) {
        json.field("id", id)
        json.field("paymentId", paymentId)
        json.field("orderId", orderId)
        json.field("amount", amount)
        json.field("currency", amount.currency)
        json.field("status", status.rawValue)
        json.field("reason", reason)
        json.fieldIfPresent("stripeRefundId", stripeId)
        json.fieldIfPresent("failureReason", failureReason)
        json.field("createdAt", createdAt)
        json.fieldIfPresent("processedAt", processedAt)
    }
}
