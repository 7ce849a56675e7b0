public import Worker

/// Orders from their placing to their end: event-sourced, with one projection row for reads, and the saga that takes
/// inventory and payments along.
public enum Orders {
    /// - Parameter settings: see ``OrdersSettings``.
    public static func worker(_ settings: OrdersSettings = OrdersSettings()) -> Worker {
        let transition = Transition(stepLimit: settings.stepLimit)
        return Worker(
            "orders",
            endpoints: [
                CreateOrder.endpoint(payableFor: settings.paymentLimit), GetOrder.endpoint, ListOrders.endpoint,
                SearchOrders.endpoint, UpdateStatus.endpoint(transition), ChangeAddress.endpoint(transition),
                CancelOrder.endpoint(transition), OrderHistory.endpoint, SagaState.endpoint,
                OrderTimeline(limit: settings.timelineLimit).endpoint,
            ],
            consumers: [
                PaymentEvents(transition: transition, settings: settings).consumer, StockEvents.consumer,
            ],
            periodicTasks: [
                UnpaidOrders(transition: transition).task,
                Orchestrator(transition: transition, settings: settings).task,
            ],
            emits: [
                "ORDER_CREATED", "ORDER_STATUS_UPDATED", "ORDER_CANCELLED", "ORDER_ADDRESS_CHANGED",
                "ORDER_PAYMENT_EXTENDED",
            ],
            calls: OrderTimeline.calls.union([
                "inventory.reserve", "inventory.commit", "inventory.release", "payments.void",
            ]))
    }
}
