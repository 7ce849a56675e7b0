import FoundationEssentials
import Worker

/// A payment was declined or given up.
struct PaymentFailed: Template {
    static let name = "payment-failed"

    let payment: PaymentFacts
    /// Why, for people.
    let cause: String?

    init(_ fields: inout Fields) {
        payment = PaymentFacts(&fields)
        cause = fields.optionalString("error", length: 0...1_000, multiline: true)
    }

    var userId: UUID { payment.userId }
    var orderId: UUID? { payment.orderId }
    var subject: String { "The payment for your order \(payment.orderId.reference) has failed" }

    func write(to letter: inout Letter) {
        letter.paragraph("the payment\(payment.ofAmount) for your order has failed. You have not been charged.")
        if let cause, !MailText.words(cause).isEmpty { letter.paragraph("This is what we were told: \(cause)") }
        letter.list(["Order number: \(payment.orderId.text)"])
    }
}
