import Worker

/// One line of an order.
struct OrderedItem: Sendable {
    let name: String
    let quantity: Int64
    /// Of one piece.
    let price: Money

    /// A message names at most so many.
    static let limit = 100
    private static let nameLimit = 200

    var data: JSONValue {
        [
            "name": .string(name.count <= Self.nameLimit ? name : name.prefix(Self.nameLimit - 1) + "…"),
            "quantity": .string("\(quantity)"), "price": .string("\(price)"),
        ]
    }
}

/// Reads a line of an order from an event; members that a message does not need are no fault.
struct OrderedItemRule: FieldRule {
    let currency: Currency

    var placeholder: OrderedItem {
        OrderedItem(name: "", quantity: 1, price: Money(minorUnits: 0, currency: currency))
    }
    var expectation: String { "an item with name, quantity and price" }

    func read(_ value: JSONValue) -> FieldReading<OrderedItem> {
        var fields = Fields(value)
        let item = OrderedItem(
            name: fields.string("name", length: 1...1_000, multiline: true),
            quantity: fields.integer("quantity", in: 1...Int64.max),
            price: Money(
                minorUnits: fields.amount("price", scale: currency.exponent), currency: currency))
        do { try fields.finishIgnoringUnknown() } catch { return .refusedBecause("\(error)") }
        return .accepted(item)
    }
}
