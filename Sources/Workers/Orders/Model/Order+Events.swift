import FoundationEssentials
import Worker

/// Events as they are appended. What is personal stays out of them: the address is kept beside the event store.
extension Order {
    /// The order's first event.
    var creation: NewEvent {
        NewEvent("ORDER_CREATED", of: id, version: version, at: createdAt) { json in
            json.field("orderId", id)
            json.field("userId", userId)
            json.field("status", status)
            writeLines(to: &json)
            json.field("totalAmount", total)
            json.field("currency", total.currency)
            json.field("paymentDueAt", paymentDueAt)
        }
    }

    /// The event that made the order what it is now; its version is the order's.
    func event(of change: OrderChange, at time: Timestamp) -> NewEvent {
        NewEvent(change.type, of: id, version: version, at: time) { json in
            json.field("orderId", id)
            json.field("userId", userId)
            switch change {
            case .moved, .cancelled:
                json.field("status", status)
                if case .cancelled(let reason) = change { json.field("reason", reason) }
                json.field("totalAmount", total)
                json.field("currency", total.currency)
            case .addressed: break
            case .payableUntil(let due): json.field("paymentDueAt", due)
            }
        }
    }
}

extension OrderChange {
    var type: String {
        switch self {
        case .moved: "ORDER_STATUS_UPDATED"
        case .cancelled: "ORDER_CANCELLED"
        case .addressed: "ORDER_ADDRESS_CHANGED"
        case .payableUntil: "ORDER_PAYMENT_EXTENDED"
        }
    }
}
