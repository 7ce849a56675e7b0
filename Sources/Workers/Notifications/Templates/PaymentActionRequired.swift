import FoundationEssentials
import Worker

/// The customer has to confirm a payment, for instance with 3-D Secure.
struct PaymentActionRequired: Template {
    static let name = "payment-action-required"

    let payment: PaymentFacts
    /// Where to confirm it.
    let link: String?

    init(_ fields: inout Fields) {
        payment = PaymentFacts(&fields)
        link = fields.optionalString("redirectUrl", length: 1...2_000)
    }

    var userId: UUID { payment.userId }
    var orderId: UUID? { payment.orderId }
    var subject: String { "Please confirm the payment for your order \(payment.orderId.reference)" }

    func write(to letter: inout Letter) {
        letter.paragraph("your bank wants you to confirm the payment\(payment.ofAmount) for your order.")
        if let link { letter.list([link]) }
        letter.list(["Order number: \(payment.orderId.text)"])
        letter.paragraph("Until then the order waits. An order that is not paid in time is cancelled.")
    }
}
