import FoundationEssentials
import Worker

/// What the events of an order have in common.
struct OrderFacts: Sendable {
    let orderId: UUID
    let userId: UUID
    let total: Money

    init(_ fields: inout Fields) {
        orderId = fields.uuid("orderId")
        userId = fields.uuid("userId")
        let currency = fields.currency("currency")
        total = Money(
            minorUnits: fields.amount("totalAmount", scale: currency.exponent), currency: currency)
    }

    /// The lines under most mails about an order.
    var summary: [String] { ["Order number: \(orderId.text)", "Total: \(total)"] }
}
