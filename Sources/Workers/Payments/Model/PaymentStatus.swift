import Worker

/// Where a payment stands.
enum PaymentStatus: String, Sendable, CaseIterable, JSONWritable {
    /// Posted to Stripe, or about to be; what became of it is not known.
    case pending
    /// The bank takes its time.
    case processing
    /// The customer has to do something, such as 3-D Secure.
    case requiresAction = "requires_action"
    case succeeded
    case failed
    case cancelled
    /// Succeeded, and all of it has gone back.
    case refunded

    /// Under way at Stripe: neither taken nor given up.
    var isOpen: Bool { self == .pending || self == .processing || self == .requiresAction }
}

/// What an order's payments have come to.
enum AccountState: String, Sendable, CaseIterable {
    /// No payment is under way; one may begin.
    case open
    case paying
    case paid
    /// Given up: PAYMENT_FAILED was told.
    case failed
    /// The order was cancelled.
    case cancelled
}
