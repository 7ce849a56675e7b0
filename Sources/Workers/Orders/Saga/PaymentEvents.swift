import Worker

/// What payments tell: a confirmed payment confirms its order, a failed one cancels it, one that the payer has to confirm
/// gets the time for that.
struct PaymentEvents: Sendable {
    let transition: Transition
    let settings: OrdersSettings

    var consumer: EventConsumer {
        EventConsumer("PAYMENT_EVENTS") { event, effects in
            switch event.type {
            case "PAYMENT_CONFIRMED":
                try await transition.apply(try event.read { $0.uuid("orderId") }, .moved(.confirmed), effects)
            case "PAYMENT_FAILED":
                try await transition.apply(try event.read { $0.uuid("orderId") }, .cancelled(.paymentFailed), effects)
            case "PAYMENT_ACTION_REQUIRED": try await extend(event, effects)
            case "PAYMENT_VOIDED":
                let orderId = try event.read { $0.uuid("orderId") }
                try await effects.query(SagaStep.finishing(.voidPayment, of: orderId, by: .event))
            default: break
            }
        }
    }

    /// 3-D Secure takes its time: the order waits for it, but not for ever.
    @Reactor
    private func extend(_ event: ReceivedEvent, _ effects: EventTransaction) async throws {
        let orderId = try event.read { $0.uuid("orderId") }
        guard let row = try await effects.query(OrderRow.selectLocked, .uuid(orderId)).first else { return }
        let order = try OrderRow.order(row)
        let due = min(event.time + settings.actionLimit, order.createdAt + settings.longestPayment)
        guard due > order.paymentDueAt else { return }
        try await transition.apply(to: order, .payableUntil(due), effects)
    }
}
