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

    func notice(_ template: TemplateName) -> Notice {
        var data = JSONObject()
        data["orderId"] = .string(orderId.text)
        data["reference"] = .string(orderId.reference)
        data["amount"] = amount.map { .string("\($0)") }
        return Notice(template, to: .user(userId), orderId: orderId, data)
    }

    /// A payment was declined or given up.
    func failed(_ fields: inout Fields) -> Notice {
        var notice = notice(.paymentFailed)
        notice.data["cause"] = fields.optionalString("error", length: 0...1_000, multiline: true).map { .string($0) }
        return notice
    }

    /// The customer has to confirm a payment, for instance with 3-D Secure.
    func actionRequired(_ fields: inout Fields) -> Notice {
        var notice = notice(.paymentActionRequired)
        // A link of another kind could do anything in a reader of mail.
        if let link = fields.optionalString("redirectUrl", length: 1...2_000),
            link.hasPrefix("https://") || link.hasPrefix("http://")
        {
            notice.data["link"] = .string(link)
        }
        return notice
    }
}
