import Worker

/// Why money goes back.
enum RefundReason: String, Sendable, CaseIterable {
    /// The order was cancelled, or given up, before or after it was paid.
    case orderCancelled = "order-cancelled"
    /// Another payment has paid it, or is about to.
    case duplicate
    /// Somebody of the staff gives it back.
    case requestedByCustomer = "requested_by_customer"
    case fraudulent

    /// One of the three that Stripe knows.
    var stripeReason: String {
        switch self {
        case .orderCancelled, .requestedByCustomer: Self.requestedByCustomer.rawValue
        case .duplicate, .fraudulent: rawValue
        }
    }
}

/// What staff may give as a reason.
enum RequestedRefundReason: String, Sendable, CaseIterable {
    case requestedByCustomer = "requested_by_customer"
    case duplicate
    case fraudulent

    var reason: RefundReason {
        switch self {
        case .requestedByCustomer: .requestedByCustomer
        case .duplicate: .duplicate
        case .fraudulent: .fraudulent
        }
    }
}
