import FoundationEssentials
import Worker

/// An order will not be carried out.
struct OrderCancelled: Template {
    static let name = "order-cancelled"

    let order: OrderFacts
    let reason: String

    init(_ fields: inout Fields) {
        order = OrderFacts(&fields)
        reason = fields.optionalString("reason") ?? ""
    }

    var userId: UUID { order.userId }
    var orderId: UUID? { order.orderId }
    var subject: String { "Your order \(order.orderId.reference) has been cancelled" }

    func write(to letter: inout Letter) {
        letter.paragraph(opening)
        letter.list(order.summary)
        letter.paragraph(
            "If you have paid for it, you get your money back, and we will tell you when it is on its way.")
    }

    private var opening: String {
        switch reason {
        case "requested": "your order has been cancelled, as it was asked for."
        case "payment-failed":
            "your order has been cancelled, because it could not be paid. You can order again any time."
        case "payment-overdue":
            "your order has been cancelled, because we received no payment in time. You can order again."
        case "out-of-stock":
            "we are sorry: your order has been cancelled, because the last of it was sold before your payment came."
        default: "your order has been cancelled."
        }
    }
}
