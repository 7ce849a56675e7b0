import FoundationEssentials
import Worker

/// An order is paid.
struct OrderConfirmed: Template {
    static let name = "order-confirmed"

    let order: OrderFacts

    init(_ fields: inout Fields) {
        order = OrderFacts(&fields)
    }

    var userId: UUID { order.userId }
    var orderId: UUID? { order.orderId }
    var subject: String { "Your order \(order.orderId.reference) is confirmed" }

    func write(to letter: inout Letter) {
        letter.paragraph("we have received your payment, and your order is confirmed. We are packing it now.")
        letter.list(order.summary)
    }
}
