import FoundationEssentials
import Worker

/// Which message tells of which event.
enum Notices {
    /// Nil for events of which nobody is told.
    /// - Throws: `MalformedEvent`.
    static func notice(of event: ReceivedEvent) throws -> Notice? {
        switch event.type {
        case "USER_CREATED": try account(.welcome, event)
        case "USER_VERIFICATION_REQUESTED": try secret(.verifyAddress, event)
        case "USER_PASSWORD_RESET_REQUESTED": try secret(.passwordReset, event)
        case "USER_PASSWORD_CHANGED": try account(.passwordChanged, event, [("at", .string(event.time.forPeople))])
        case "ORDER_CREATED": try event.read { OrderFacts(&$0).placed(&$0) }
        case "ORDER_STATUS_UPDATED": try orderStatus(event)
        case "ORDER_CANCELLED": try event.read { OrderFacts(&$0).cancelled(&$0) }
        case "PAYMENT_FAILED": try event.read { PaymentFacts(&$0).failed(&$0) }
        case "PAYMENT_ACTION_REQUIRED": try event.read { PaymentFacts(&$0).actionRequired(&$0) }
        case "PAYMENT_REFUNDED": try event.read { PaymentFacts(&$0).notice(.paymentRefunded) }
        case "LOW_STOCK": try event.read { StockFacts(&$0).notice(isOut: false) }
        case "OUT_OF_STOCK": try event.read { StockFacts(&$0).notice(isOut: true) }
        default: nil
        }
    }

    private static func account(
        _ template: TemplateName, _ event: ReceivedEvent, _ data: [(String, JSONValue)] = []
    ) throws -> Notice {
        let object = JSONObject(data.map { .init(name: $0.0, value: $0.1) })
        return Notice(template, to: .user(try event.read { $0.uuid("userId") }), object)
    }

    /// The token is fetched when the message goes out, and kept nowhere here.
    private static func secret(_ template: TemplateName, _ event: ReceivedEvent) throws -> Notice {
        let tokenId = try event.read { $0.uuid("tokenId") }
        return try account(template, event, [("tokenId", .string(tokenId.text))])
    }

    private static func orderStatus(_ event: ReceivedEvent) throws -> Notice? {
        let template: TemplateName? =
            switch try event.read({ $0.string("status") }) {
            case "confirmed": .orderConfirmed
            case "shipped": .orderShipped
            case "delivered": .orderDelivered
            default: nil
            }
        return try template.map { template in try event.read { OrderFacts(&$0).notice(template) } }
    }
}

extension Timestamp {
    /// `2026-01-31 12:00 UTC`
    var forPeople: String {
        let text = self.text
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
