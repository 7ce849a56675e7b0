import Worker

/// Which mail tells of which event.
enum Templates {
    /// Nil for events of which nobody is told.
    /// - Throws: `MalformedEvent`.
    static func template(for event: ReceivedEvent) throws -> (any Template)? {
        switch event.type {
        case "USER_CREATED": try event.read { Welcome(&$0) }
        case "ORDER_CREATED": try event.read { OrderPlaced(&$0) }
        case "ORDER_STATUS_UPDATED": try orderStatus(event)
        case "ORDER_CANCELLED": try event.read { OrderCancelled(&$0) }
        case "PAYMENT_FAILED": try event.read { PaymentFailed(&$0) }
        case "PAYMENT_ACTION_REQUIRED": try event.read { PaymentActionRequired(&$0) }
        case "PAYMENT_REFUNDED": try event.read { PaymentRefunded(&$0) }
        default: nil
        }
    }

    private static func orderStatus(_ event: ReceivedEvent) throws -> (any Template)? {
        switch try event.read({ $0.string("status") }) {
        case "confirmed": try event.read { OrderConfirmed(&$0) }
        case "shipped": try event.read { OrderShipped(&$0) }
        case "delivered": try event.read { OrderDelivered(&$0) }
        default: nil
        }
    }
}
