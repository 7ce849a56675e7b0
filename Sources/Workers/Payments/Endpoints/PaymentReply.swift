import FoundationEssentials
import Worker

/// What a payment that has come somewhere is answered with.
struct PaymentReply {
    let books: Books
    /// Holds the secret that a customer's browser needs; nil when Stripe was not asked.
    let report: IntentReport?

    private var payment: Payment { books.payment }

    /// Nil while nothing is known: then there is nothing to keep and to repeat.
    var reply: Reply? {
        switch payment.status {
        case .pending: nil
        case .succeeded where payment.isUnwanted, .refunded where payment.isUnwanted:
            Reply(.orderNotPayable(orderId, "it was given up or paid meanwhile, and the money goes back"))
        case .succeeded, .refunded: .object { summary(&$0) }
        case .processing, .requiresAction: underWay
        case .failed: Reply(failure)
        case .cancelled where books.account.state == .cancelled:
            Reply(.orderNotPayable(orderId, "it was cancelled meanwhile"))
        case .cancelled: Reply(failure)
        }
    }

    private var orderId: UUID { books.account.orderId }

    private var underWay: Reply {
        if payment.cancelWanted { return Reply(.orderNotPayable(orderId, "it was cancelled meanwhile")) }
        return .object { json in
            summary(&json)
            guard payment.status == .requiresAction else { return }
            json.field("requiresAction", true)
            json.fieldIfPresent("clientSecret", report?.clientSecret)
            json.fieldIfPresent("redirectUrl", report?.redirectURL)
        }
    }

    private func summary(_ json: inout JSONWriter) {
        json.field("paymentId", payment.id)
        json.field("status", payment.status)
        json.field("amount", payment.amount)
        json.field("currency", payment.amount.currency)
    }

    private var failure: ServiceError {
        let failure = payment.failure ?? .cancelledAtProvider
        var members: [ServiceError.Member] = [
            .init("paymentId", .string(payment.id.text)), .init("code", .string(failure.code)),
        ]
        if let declineCode = failure.declineCode { members.append(.init("declineCode", .string(declineCode))) }
        switch (failure.kind, failure.parameter) {
        case (.declined, _): return ServiceError(402, "payment-declined", failure.message, members: members)
        case (.notMade, "payment_method"): return .invalid("/paymentMethodId", failure.message)
        case (.notMade, "customer"): return .invalid("/customerId", failure.message)
        case (.notMade, _):
            return ServiceError(
                502, "payment-provider-failed", "the payment was not made: \(failure.message)", members: members)
        }
    }

    /// 503 for a payment whose outcome nobody knows yet.
    static func unknown(_ paymentId: UUID) -> ServiceError {
        ServiceError(
            503, "unavailable",
            "the payment provider has not said yet what became of the payment \(paymentId.text); it is being asked, and "
                + "nothing is charged twice. Look at the payment, or repeat the request with its Idempotency-Key",
            retryAfter_s: 5, members: [.init("paymentId", .string(paymentId.text))])
    }
}
