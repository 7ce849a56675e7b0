public import Worker

/// Orders from their placing to their end: event-sourced, with one projection row for reads.
public enum Orders {
    /// - Parameter settings: see ``OrdersSettings``.
    public static func worker(_ settings: OrdersSettings = OrdersSettings()) -> Worker {
        Worker(
            "orders",
            endpoints: [
                CreateOrder.endpoint(payableFor: settings.paymentLimit), GetOrder.endpoint, UpdateStatus.endpoint,
                CancelOrder.endpoint,
            ],
            consumers: [PaymentEvents.consumer],
            periodicTasks: [UnpaidOrders.task],
            emits: ["ORDER_CREATED", "ORDER_STATUS_UPDATED", "ORDER_CANCELLED"], calls: ["inventory.reserve"])
    }
}
