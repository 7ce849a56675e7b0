/// Stripe's test payment methods and what happens to a charge with each.
/// Source: docs.stripe.com/testing.
struct TestPaymentMethod: Sendable {
    enum Outcome: Sendable {
        case succeeds
        case declined(Decline)
        /// 3-D Secure comes first; `declined` is what the bank answers after it succeeded.
        case authenticates(declined: Decline?)
        /// The bank answers after a while: nil means that it paid.
        case processes(failure: Decline?)
    }

    struct Decline: Sendable {
        var code: String
        var declineCode: String?
        var message: String
    }

    enum Refunding: String, Sendable, Codable {
        case atOnce
        /// `pending`, then `succeeded`.
        case pending
        /// `succeeded`, then `failed`.
        case failing
    }

    var id: String
    var type = "card"
    var brand: String
    var last4: String
    var outcome: Outcome = .succeeds
    var refunding: Refunding = .atOnce
    var isDisputed = false

    /// - Returns: nil when Stripe has no such test payment method.
    init?(_ id: String) {
        guard let entry = Self.table[Self.canonical(id)] else { return nil }
        self = entry
        self.id = id
    }

    private init(
        _ id: String, _ last4: String, brand: String = "visa", _ outcome: Outcome = .succeeds,
        refunding: Refunding = .atOnce, isDisputed: Bool = false, type: String = "card"
    ) {
        self.id = id
        self.type = type
        self.brand = brand
        self.last4 = last4
        self.outcome = outcome
        self.refunding = refunding
        self.isDisputed = isDisputed
    }

    /// Stripe names most declining cards with and without the brand: `pm_card_visa_chargeDeclined`,
    /// `pm_card_chargeDeclined`.
    private static func canonical(_ id: String) -> String {
        let long = "pm_card_visa_charge"
        return id.hasPrefix(long) ? "pm_card_charge" + id.dropFirst(long.count) : id
    }

    private static func refused(_ declineCode: String) -> Decline {
        Decline(code: "card_declined", declineCode: declineCode, message: "Your card was declined.")
    }

    private static let insufficientFunds = Decline(
        code: "card_declined", declineCode: "insufficient_funds", message: "Your card has insufficient funds.")

    static let authenticationRequired = Decline(
        code: "authentication_required", declineCode: "authentication_required",
        message: "Your card was declined. This transaction requires authentication.")

    static let authenticationFailed = Decline(
        code: "payment_intent_authentication_failure", declineCode: nil,
        message: "We are unable to authenticate your payment method. "
            + "Please choose a different payment method and try again.")

    private static let entries: [TestPaymentMethod] = [
        .init("pm_card_visa", "4242"),
        .init("pm_card_visa_debit", "5556"),
        .init("pm_card_mastercard", "4444", brand: "mastercard"),
        .init("pm_card_mastercard_debit", "8210", brand: "mastercard"),
        .init("pm_card_mastercard_prepaid", "5100", brand: "mastercard"),
        .init("pm_card_amex", "8431", brand: "amex"),
        .init("pm_card_discover", "1117", brand: "discover"),
        .init("pm_card_diners", "0004", brand: "diners"),
        .init("pm_card_jcb", "0505", brand: "jcb"),
        .init("pm_card_unionpay", "0005", brand: "unionpay"),
        .init("pm_card_bypassPending", "0077"),
        .init("pm_card_chargeDeclined", "0002", .declined(refused("generic_decline"))),
        .init("pm_card_chargeDeclinedInsufficientFunds", "9995", .declined(insufficientFunds)),
        .init("pm_card_chargeDeclinedLostCard", "9987", .declined(refused("lost_card"))),
        .init("pm_card_chargeDeclinedStolenCard", "9979", .declined(refused("stolen_card"))),
        .init("pm_card_chargeDeclinedFraudulent", "0019", .declined(refused("fraudulent"))),
        .init("pm_card_chargeCustomerFail", "0341", .declined(refused("generic_decline"))),
        .init(
            "pm_card_chargeDeclinedVelocityLimitExceeded", "6975",
            .declined(refused("card_velocity_exceeded"))),
        .init(
            "pm_card_chargeDeclinedExpiredCard", "0069",
            .declined(Decline(code: "expired_card", declineCode: nil, message: "Your card has expired."))),
        .init(
            "pm_card_chargeDeclinedIncorrectCvc", "0127",
            .declined(
                Decline(code: "incorrect_cvc", declineCode: nil, message: "Your card's security code is incorrect."))),
        .init(
            "pm_card_chargeDeclinedProcessingError", "0119",
            .declined(
                Decline(
                    code: "processing_error", declineCode: nil,
                    message: "An error occurred while processing your card. Try again in a little bit."))),
        .init("pm_card_authenticationRequired", "3184", .authenticates(declined: nil)),
        .init("pm_card_threeDSecure2Required", "3220", .authenticates(declined: nil)),
        .init(
            "pm_card_threeDSecureRequiredChargeDeclined", "1629",
            .authenticates(declined: refused("generic_decline"))),
        .init(
            "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "3178",
            .authenticates(declined: insufficientFunds)),
        .init("pm_card_pendingRefund", "7726", refunding: .pending),
        .init("pm_card_refundFail", "5126", refunding: .failing),
        .init("pm_card_createDispute", "0259", isDisputed: true),
        .init("pm_usBankAccount_success", "6789", .processes(failure: nil), type: "us_bank_account"),
        .init(
            "pm_usBankAccount_insufficientFunds", "2222",
            .processes(
                failure: Decline(
                    code: "insufficient_funds", declineCode: nil,
                    message: "The customer's bank account has insufficient funds.")),
            type: "us_bank_account"),
    ]

    private static let table = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })

    /// All ids, for messages and tests.
    static let ids = entries.map(\.id)
}
