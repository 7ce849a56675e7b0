import FoundationEssentials
import Worker

/// `payments.refund`: staff give money back. The refund and its answer are in the books before Stripe hears of it; what
/// becomes of it is told by an event, and by `payments.refunds`.
enum RefundPayment {
    static func endpoint(_ cashier: Cashier) -> Endpoint {
        Endpoint("payments.refund") {
            RefundRequest(&$0)
        } _: { request, context in
            guard let reply = try await cashier.refund(request, context) else {
                throw ServiceError.noPayment(request.paymentId)
            }
            return reply
        }
    }
}

extension ServiceError {
    static func noPayment(_ id: UUID) -> ServiceError {
        ServiceError(404, "payment-not-found", "there is no payment \(id.text)")
    }
}
