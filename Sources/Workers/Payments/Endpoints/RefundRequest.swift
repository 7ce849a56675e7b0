import FoundationEssentials
import Worker

/// What is to be given back of a payment.
struct RefundRequest: Sendable {
    let paymentId: UUID
    /// In thousandths of the currency, because which one it is stands in the books; nil for all that is left.
    private let thousandths: Int64?
    let reason: RefundReason

    init(_ fields: inout Fields) {
        paymentId = fields.uuid("id")
        thousandths = fields.optionalAmount("amount", scale: 3, in: 1...999_999_999_999_999)
        reason =
            (fields.optionalChoice("reason", of: RequestedRefundReason.self) ?? .requestedByCustomer).reason
    }

    /// Minor units to give back of `payment`.
    ///
    /// - Throws: why not that much, with what is left.
    func amount(of payment: Payment) throws(ServiceError) -> Int64 {
        let left = Money(minorUnits: payment.remaining, currency: payment.amount.currency)
        switch payment.status {
        case .succeeded, .refunded: break
        case .pending, .processing, .requiresAction, .failed, .cancelled:
            throw ServiceError(
                409, "payment-not-refundable",
                "nothing was captured by the payment \(payment.id.text), which is \(payment.status.rawValue)")
        }
        if payment.disputed > 0 {
            throw ServiceError(
                409, "payment-disputed",
                "the payment \(payment.id.text) is disputed; the customer's bank has taken the money back")
        }
        guard left.minorUnits > 0 else {
            throw ServiceError(
                409, "already-refunded", "all of the payment \(payment.id.text) has gone back, or is on its way")
        }
        guard let thousandths else { return left.minorUnits }
        let amount = try Self.minorUnits(thousandths, left.currency)
        guard amount <= left.minorUnits else {
            throw ServiceError(
                422, "refund-too-large",
                "\(Money(minorUnits: amount, currency: left.currency)) is more than is left of the payment: \(left)",
                members: [
                    .init("remainingAmount", .number(left)), .init("currency", .string(left.currency.code)),
                ])
        }
        return amount
    }

    private static func minorUnits(_ thousandths: Int64, _ currency: Currency) throws(ServiceError) -> Int64 {
        let unit: Int64 = currency.exponent == 3 ? 1 : currency.exponent == 2 ? 10 : 1_000
        guard thousandths % (unit * currency.step) == 0 else {
            let step = Money(minorUnits: currency.step, currency: currency)
            throw ServiceError(
                422, "amount-not-refundable", "an amount to give back must be a multiple of \(step)")
        }
        return thousandths / unit
    }
}
