import FoundationEssentials
import Worker

/// What payments asks of an order, from the reply of `orders.get`.
struct OrderSummary: Sendable {
    let id: UUID
    let userId: UUID
    let total: Money
    let status: String

    /// Asks as the caller, so that somebody else's order is not there.
    @Reactor
    static func fetch(_ id: UUID, _ context: Context) async throws -> OrderSummary {
        let body = JSONWriter.object { $0.field("id", id) }
        return try OrderSummary(await context.call("orders.get", body))
    }

    /// - Throws: `JSONSyntaxError` or `ValidationError` when it is no order.
    init(_ reply: [UInt8]) throws {
        var fields = Fields(try JSONReader.parse(reply))
        id = fields.uuid("id")
        userId = fields.uuid("userId")
        let currency = fields.currency("currency")
        total = Money(minorUnits: fields.amount("totalAmount", scale: currency.exponent), currency: currency)
        status = fields.string("status")
        try fields.finishIgnoringUnknown()
    }

    /// - Throws: why `amount` does not pay it.
    func checkPayable(with amount: Money) throws(ServiceError) {
        switch status {
        case "pending": break
        case "cancelled": throw .orderNotPayable(id, "it is cancelled")
        default: throw .alreadyPaid(id)
        }
        guard amount == total else {
            throw ServiceError(
                422, "amount-mismatch", "the order \(id.text) comes to \(total), not \(amount)",
                members: [
                    .init("expectedAmount", .number(total)), .init("expectedCurrency", .string(total.currency.code)),
                    .init("amount", .number(amount)), .init("currency", .string(amount.currency.code)),
                ])
        }
    }
}

extension JSONValue {
    static func number(_ money: Money) -> JSONValue {
        JSONNumber(text: money.decimalText).map { .number($0) } ?? .string(money.decimalText)
    }
}

extension ServiceError {
    static func alreadyPaid(_ orderId: UUID) -> ServiceError {
        ServiceError(409, "already-paid", "the order \(orderId.text) is paid already")
    }

    static func orderNotPayable(_ orderId: UUID, _ reason: String) -> ServiceError {
        ServiceError(409, "order-not-payable", "the order \(orderId.text) cannot be paid: \(reason)")
    }
}
