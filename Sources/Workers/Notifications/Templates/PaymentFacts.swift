import FoundationEssentials
import Worker

/// What the events of a payment have in common.
struct PaymentFacts: Sendable {
    let orderId: UUID
    let userId: UUID
    let amount: Money?

    init(_ fields: inout Fields) {
        orderId = fields.uuid("orderId")
        userId = fields.uuid("userId")
        let currency = fields.currency("currency", default: .usd)
        amount = fields.optionalAmount("amount", scale: currency.exponent)
            .map { Money(minorUnits: $0, currency: currency) }
    }

    /// ` of 59.98 USD`, or nothing where the event names no amount.
    var ofAmount: String { amount.map { " of \($0)" } ?? "" }
}
