/// Why a payment came to nothing.
struct PaymentFailure: Sendable, Hashable {
    enum Kind: String, Sendable {
        /// The bank or the customer said no: counts against the order.
        case declined
        /// Stripe made no charge at all; the order can be paid by another payment.
        case notMade = "not_made"
    }

    let kind: Kind
    /// Stripe's, such as `card_declined`.
    let code: String
    /// The bank's, such as `insufficient_funds`.
    let declineCode: String?
    /// For people.
    let message: String
    /// The parameter that Stripe found wrong.
    let parameter: String?

    init(_ kind: Kind, code: String, declineCode: String? = nil, message: String, parameter: String? = nil) {
        self.kind = kind
        self.code = code
        self.declineCode = declineCode
        self.message = message
        self.parameter = parameter
    }

    /// The intent was cancelled at Stripe although the order was not.
    static let cancelledAtProvider = PaymentFailure(
        .declined, code: "payment_canceled", message: "The payment was cancelled.")

    /// Stripe never heard of it.
    static let neverArrived = PaymentFailure(
        .notMade, code: "not_made", message: "The payment did not reach the payment provider; nothing was charged.")
}
