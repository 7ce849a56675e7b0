import FoundationEssentials
import Worker

/// `payments.void`: what ORDER_CANCELLED causes, for an orchestrator that does not want to wait for that event.
enum VoidPayments {
    static func endpoint(_ cashier: Cashier) -> Endpoint {
        Endpoint("payments.void") {
            $0.uuid("orderId")
        } _: { orderId, context in
            guard let plan = try await cashier.void(orderId, context) else {
                throw ServiceError(404, "order-not-found", "payments know no order \(orderId.text)")
            }
            let currency = plan.account.amount.currency
            return .object { json in
                json.field("orderId", orderId)
                json.field("state", plan.state)
                json.field("refundedAmount", Money(minorUnits: plan.refunded, currency: currency))
                json.field("currency", currency)
            }
        }
    }
}
