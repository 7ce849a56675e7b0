import Worker

/// What payments tell: a confirmed payment confirms its order, a failed one cancels it.
enum PaymentEvents {
    static let consumer = EventConsumer("PAYMENT_EVENTS") { event, effects in
        switch event.type {
        case "PAYMENT_CONFIRMED":
            try await Transition.apply(try event.read { $0.uuid("orderId") }, to: .confirmed, effects)
        case "PAYMENT_FAILED":
            let orderId = try event.read { $0.uuid("orderId") }
            try await Transition.apply(orderId, to: .cancelled, reason: .paymentFailed, effects)
        default: break
        }
    }
}
