import Worker

/// What can happen to an order after its creation: one case for each type of event, with what that changes.
enum OrderChange: Sendable {
    /// Confirmed, shipped or delivered.
    case moved(OrderStatus)
    case cancelled(CancelReason)
    /// The address itself is kept beside the event store; nil when it has been erased since.
    case addressed(ShippingAddress?)
    /// There is more time to pay it.
    case payableUntil(Timestamp)

    /// The status that the order has afterwards; nil when that does not change.
    var status: OrderStatus? {
        switch self {
        case .moved(let status): status
        case .cancelled: .cancelled
        case .addressed, .payableUntil: nil
        }
    }
}
