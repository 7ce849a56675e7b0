import FoundationEssentials
import Stripe
import Worker

/// What a caller wants to pay, and with what.
struct PaymentRequest: Sendable {
    let orderId: UUID
    let amount: Money
    let paymentMethodId: String
    /// Stripe's customer, `cus_…`.
    let customerId: String?

    init(_ fields: inout Fields) {
        orderId = fields.uuid("orderId")
        let currency = fields.currency("currency", default: .usd)
        amount = Money(
            minorUnits: fields.amount("amount", scale: currency.exponent, in: 1...Self.largest), currency: currency)
        paymentMethodId = fields.string("paymentMethodId", length: 1...255)
        customerId = fields.optionalString("customerId", length: 1...255)
    }

    /// More than Stripe takes in any currency.
    private static let largest: Int64 = 999_999_999_999

    /// - Throws: 422 when Stripe would not charge that much, or so little.
    func checkChargeable() throws(ServiceError) {
        guard let currency = StripeCurrency(amount.currency.code) else {
            throw ServiceError(422, "amount-not-chargeable", "payments in \(amount.currency) are not taken")
        }
        do throws(StripeCurrency.AmountProblem) {
            try currency.validate(amount: amount.minorUnits)
        } catch {
            let limit =
                switch error {
                case .tooSmall(let least): "at least \(Money(minorUnits: least, currency: amount.currency))"
                case .tooLarge(let most): "at most \(Money(minorUnits: most, currency: amount.currency))"
                case .notMultiple(let step): "a multiple of \(Money(minorUnits: step, currency: amount.currency))"
                }
            throw ServiceError(422, "amount-not-chargeable", "\(amount) cannot be charged; it must be \(limit)")
        }
    }
}
