import FoundationEssentials
import Worker

/// Money went back to the customer.
struct PaymentRefunded: Template {
    static let name = "payment-refunded"

    let payment: PaymentFacts

    init(_ fields: inout Fields) {
        payment = PaymentFacts(&fields)
    }

    var userId: UUID { payment.userId }
    var orderId: UUID? { payment.orderId }
    var subject: String { "Your refund for order \(payment.orderId.reference)" }

    func write(to letter: inout Letter) {
        letter.paragraph(
            "we have sent back the payment\(payment.ofAmount) for your order. Your bank may take some days to show it."
        )
        letter.list(["Order number: \(payment.orderId.text)"])
    }
}
