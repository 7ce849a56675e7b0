public import Worker

/// Payments of orders through Stripe: created and confirmed, finished by webhooks, given back when their order is cancelled.
public enum Payments {
    public static func worker(_ settings: PaymentsSettings) -> Worker {
        let cashier = Cashier(settings)
        let webhooks = Webhooks(settings, cashier)
        return Worker(
            "payments",
            endpoints: [
                CreatePayment.endpoint(cashier), GetPayment.endpoint, ListPayments.endpoint,
                RefundPayment.endpoint(cashier), ListRefunds.endpoint, VoidPayments.endpoint(cashier),
                ReceiveWebhook.endpoint(webhooks), Timeline.endpoint("payments.timeline", PaymentTimeline.query),
            ],
            consumers: [OrderEvents.consumer(cashier)],
            periodicTasks: webhooks.tasks + cashier.tasks,
            emits: [
                "PAYMENT_CONFIRMED", "PAYMENT_FAILED", "PAYMENT_ACTION_REQUIRED", "PAYMENT_REFUNDED", "PAYMENT_VOIDED",
            ],
            calls: ["orders.get"])
    }
}
