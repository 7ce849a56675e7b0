import FoundationEssentials
import Worker

/// What `inventory.reserve` is asked for.
struct ReserveRequest {
    let orderId: UUID
    /// For whom stock is held; nil when whoever asks does not say.
    let userId: UUID?
    let currency: Currency
    let lines: [Line]

    struct Line {
        let productId: UUID
        let quantity: Int64
        /// What the customer was shown, in minor units; nil takes the catalogue's.
        let price: Int64?
    }

    init(_ fields: inout Fields) {
        orderId = fields.uuid("orderId")
        userId = fields.optionalUUID("userId")
        let currency = fields.currency("currency", default: .usd)
        self.currency = currency
        lines = fields.array("items", count: 1...100) { item in
            Line(
                productId: item.uuid("productId"), quantity: item.integer("quantity", in: 1...100_000),
                price: item.optionalAmount("price", scale: currency.exponent, in: 0...10_000_000_000))
        }
        if Set(lines.map(\.productId)).count < lines.count { fields.refuse("items", "a product is listed twice") }
    }

    /// Whether a reservation is what this request would have made.
    func wants(_ reservation: Reservation) -> Bool {
        currency == reservation.currency && lines.count == reservation.lines.count
            && zip(lines, reservation.lines).allSatisfy { line, held in
                line.productId == held.productId && line.quantity == held.quantity
                    && (line.price ?? held.price.minorUnits) == held.price.minorUnits
            }
    }
}
