/// The messages that there are. Each has a folder of its name under `templates`.
enum TemplateName: String, CaseIterable, Sendable {
    case welcome
    case verifyAddress = "verify-address"
    case passwordReset = "password-reset"
    case passwordChanged = "password-changed"
    case orderPlaced = "order-placed"
    case orderConfirmed = "order-confirmed"
    case orderShipped = "order-shipped"
    case orderDelivered = "order-delivered"
    case orderCancelled = "order-cancelled"
    case paymentFailed = "payment-failed"
    case paymentActionRequired = "payment-action-required"
    case paymentRefunded = "payment-refunded"
    case stockLow = "stock-low"
    case digest

    var kind: MessageKind {
        switch self {
        case .welcome, .verifyAddress, .passwordReset, .passwordChanged: .account
        case .orderPlaced, .orderConfirmed, .orderShipped, .orderDelivered, .orderCancelled: .orders
        case .paymentFailed, .paymentActionRequired, .paymentRefunded: .payments
        case .stockLow, .digest: .staff
        }
    }

    /// Where the link of a message with a secret leads, below the shop's address.
    var secretPage: String? {
        switch self {
        case .verifyAddress: "verify-email"
        case .passwordReset: "reset-password"
        default: nil
        }
    }
}

/// What messages are about, as their recipients choose among them.
enum MessageKind: String, CaseIterable, Sendable {
    /// About the account itself; cannot be switched off.
    case account
    case orders
    case payments
    /// To those who run the shop, at addresses of the settings.
    case staff

    /// Whether a customer may do without.
    var isOptional: Bool { self == .orders || self == .payments }
}
