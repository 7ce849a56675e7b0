import Worker

/// One step of an order: the event, the order after it, and what is written with it.
struct OrderStep {
    let order: Order
    let event: NewEvent
    /// The projections and the saga's steps.
    let effects: [Query]

    /// - Parameter limit: how long participants of the saga may take before they are called.
    init(_ order: Order, _ change: OrderChange, at time: Timestamp = .now(), participantsWithin limit: Duration) {
        var order = order
        order.apply(change, at: time)
        self.order = order
        event = order.event(of: change, at: time)
        switch change {
        case .moved(.confirmed):
            effects = [OrderRow.update(order), SagaStep.opening([.commitStock], of: order.id, dueIn: limit)]
        case .moved: effects = [OrderRow.update(order)]
        case .cancelled:
            effects = [
                OrderRow.update(order), SagaStep.superseding(.commitStock, of: order.id),
                SagaStep.opening([.releaseStock, .voidPayment], of: order.id, dueIn: limit),
            ]
        case .addressed: effects = [OrderRow.update(order)] + OrderRow.address(of: order)
        case .payableUntil: effects = [OrderRow.extend(order)]
        }
    }
}
