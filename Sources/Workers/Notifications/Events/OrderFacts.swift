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

    func notice(_ template: TemplateName) -> Notice {
        var data = JSONObject()
        data["orderId"] = .string(orderId.text)
        data["reference"] = .string(orderId.reference)
        data["total"] = .string("\(total)")
        return Notice(template, to: .user(userId), orderId: orderId, data)
    }

    /// An order has come in, its items are set aside, and it waits for its payment.
    func placed(_ fields: inout Fields) -> Notice {
        var notice = notice(.orderPlaced)
        let items = fields.values("items", count: 1...1_000, OrderedItemRule(currency: total.currency))
        notice.data["items"] = .array(items.prefix(OrderedItem.limit).map(\.data))
        let more = items.count - OrderedItem.limit
        if more > 0 { notice.data["more"] = .string("\(more)") }
        return notice
    }

    /// An order will not be carried out.
    func cancelled(_ fields: inout Fields) -> Notice {
        var notice = notice(.orderCancelled)
        let why =
            switch fields.optionalString("reason") ?? "" {
            case "requested": "requested"
            case "payment-failed": "unpaid"
            case "payment-overdue": "overdue"
            case "out-of-stock": "soldOut"
            default: "other"
            }
        notice.data[why] = true
        return notice
    }
}
