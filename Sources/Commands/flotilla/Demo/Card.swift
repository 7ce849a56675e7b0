/// How an order of the demo is paid, and what must come of it.
enum Card: String, CaseIterable, Sendable {
    case good
    case declined
    /// Asks for 3-D Secure, which the customer passes.
    case authenticated
    /// Asks for 3-D Secure, which the customer fails.
    case unauthenticated

    /// Of twenty orders fourteen are paid by a good card.
    static func forOrder(_ number: Int) -> Card {
        switch number % 20 {
        case 3, 9, 15: .declined
        case 6, 12: .authenticated
        case 18: .unauthenticated
        default: .good
        }
    }

    var paymentMethod: String {
        switch self {
        case .good: "pm_card_visa"
        case .declined: "pm_card_visa_chargeDeclined"
        case .authenticated, .unauthenticated: "pm_card_authenticationRequired"
        }
    }

    var finalStatus: String {
        switch self {
        case .good, .authenticated: "confirmed"
        case .declined, .unauthenticated: "cancelled"
        }
    }

    /// Mails that the order causes: placed; confirmed, or payment failed and cancelled; action required.
    var mails: Int {
        switch self {
        case .good: 2
        case .declined, .authenticated: 3
        case .unauthenticated: 4
        }
    }
}
