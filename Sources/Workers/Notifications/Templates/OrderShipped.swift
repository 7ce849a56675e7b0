import FoundationEssentials
import Worker

/// An order has left the warehouse.
struct OrderShipped: Template {
    static let name = "order-shipped"

    let order: OrderFacts

    init(_ fields: inout Fields) {
        order = OrderFacts(&fields)
    }

    var userId: UUID { order.userId }
    var orderId: UUID? { order.orderId }
    var subject: String { "Your order \(order.orderId.reference) is on its way" }

    func write(to letter: inout Letter) {
        letter.paragraph("your order has left our warehouse and is on its way to you.")
        letter.list(order.summary)
    }
}
