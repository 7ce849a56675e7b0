import FoundationEssentials
import Worker

/// An order has arrived.
struct OrderDelivered: Template {
    static let name = "order-delivered"

    let order: OrderFacts

    init(_ fields: inout Fields) {
        order = OrderFacts(&fields)
    }

    var userId: UUID { order.userId }
    var orderId: UUID? { order.orderId }
    var subject: String { "Your order \(order.orderId.reference) has been delivered" }

    func write(to letter: inout Letter) {
        letter.paragraph("your order has been delivered. We hope that you enjoy it.")
        letter.list(order.summary)
    }
}
