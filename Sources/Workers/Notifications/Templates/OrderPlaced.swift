import FoundationEssentials
import Worker

/// An order has come in, its items are set aside, and it waits for its payment.
struct OrderPlaced: Template {
    static let name = "order-placed"

    let order: OrderFacts
    let items: [OrderedItem]

    init(_ fields: inout Fields) {
        let order = OrderFacts(&fields)
        self.order = order
        items = fields.values("items", count: 1...1_000, OrderedItemRule(currency: order.total.currency))
    }

    var userId: UUID { order.userId }
    var orderId: UUID? { order.orderId }
    var subject: String { "We have received your order \(order.orderId.reference)" }

    func write(to letter: inout Letter) {
        letter.paragraph("thank you for your order. We have set these items aside for you:")
        letter.list(items.map { "\($0.quantity) x \($0.name), \($0.price) each" })
        letter.list(order.summary)
        letter.paragraph("As soon as it is paid we will confirm it to you.")
    }
}
