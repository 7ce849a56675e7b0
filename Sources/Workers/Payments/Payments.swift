public import Worker

/// Payments of orders through Stripe: created and confirmed, finished by webhooks, given back when their order is cancelled.
public enum Payments {
    public static func worker(_ settings: PaymentsSettings) -> Worker {
        let cashier = Cashier(settings)
        let webhooks = Webhooks(settings, cashier)
        return Worker(
            "payments",
            endpoints: [
                CreatePayment.endpoint(cashier), GetPayment.endpoint, ReceiveWebhook.endpoint(webhooks),
                Timeline.endpoint("payments.timeline"),
            ],
            consumers: [OrderEvents.consumer],
            periodicTasks: webhooks.tasks + cashier.tasks,
            emits: ["PAYMENT_CONFIRMED", "PAYMENT_FAILED", "PAYMENT_ACTION_REQUIRED", "PAYMENT_REFUNDED"],
            calls: ["orders.get"])
    }
}
