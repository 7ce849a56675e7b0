import FoundationEssentials
import Worker

/// What inventory holds for an order: its lines with the catalogue's names and prices.
struct Reservation {
    let orderId: UUID
    /// False when it was settled before, so that there is nothing left to place an order on.
    let isHeld: Bool
    let lines: [Order.Line]
    let total: Money

    /// - Parameter reply: of `inventory.reserve`.
    init(reply: [UInt8]) throws {
        var fields = Fields(try JSONReader.parse(reply))
        let currency = fields.currency("currency")
        orderId = fields.uuid("orderId")
        isHeld = fields.string("state", length: 1...20) == "held"
        lines = fields.array("items", count: 1...100) { item in
            Order.Line(
                productId: item.uuid("productId"), name: item.string("name", length: 1...200),
                quantity: item.integer("quantity", in: 1...100_000),
                price: Money(minorUnits: item.amount("price", scale: currency.exponent), currency: currency))
        }
        total = Money(minorUnits: fields.amount("totalAmount", scale: currency.exponent), currency: currency)
        try fields.finishIgnoringUnknown()
    }
}
