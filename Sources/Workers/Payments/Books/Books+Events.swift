import FoundationEssentials
import Worker

extension Settlement {
    /// The events that tell of it, in the order of their versions.
    func events(redirectURL: String?) -> [NewEvent] {
        [event(redirectURL: redirectURL), voided].compactMap { $0 }
    }

    private func event(redirectURL: String?) -> NewEvent? {
        switch told {
        case .confirmed: books.event("PAYMENT_CONFIRMED")
        case .failed(let failure):
            books.event("PAYMENT_FAILED") { json in
                json.field("error", failure.message)
                json.field("code", failure.declineCode ?? failure.code)
            }
        case .actionRequired: books.event("PAYMENT_ACTION_REQUIRED") { $0.fieldIfPresent("redirectUrl", redirectURL) }
        case nil: nil
        }
    }
}

extension Books {
    /// An event of the order's account; its version is the account's.
    ///
    /// - Parameter amount: minor units; the payment's when nil.
    func event(
        _ type: String, amount: Int64? = nil, _ fields: (inout JSONWriter) -> Void = { _ in }
    ) -> NewEvent {
        NewEvent(type, of: account.orderId, version: account.version) { json in
            json.field("orderId", account.orderId)
            json.field("userId", account.userId)
            json.field("paymentId", payment.id)
            json.fieldIfPresent("stripePaymentIntentId", payment.intentId)
            json.field(
                "amount", Money(minorUnits: amount ?? payment.amount.minorUnits, currency: payment.amount.currency))
            json.field("currency", payment.amount.currency)
            fields(&json)
        }
    }
}
