import Worker

/// What orders tell: a confirmed order's stock is sold, a cancelled one's is available again.
enum OrderEvents {
    static let consumer = EventConsumer("ORDER_EVENTS") { event, effects in
        switch event.type {
        case "ORDER_STATUS_UPDATED":
            let status = try event.read { $0.string("status") }
            if status == "confirmed" { try await Settle.apply(.committed, to: event.aggregateId, effects) }
        case "ORDER_CANCELLED": try await Settle.apply(.released, to: event.aggregateId, effects)
        default: break
        }
    }
}
