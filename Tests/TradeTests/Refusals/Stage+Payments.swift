import Stripe
import StripeTesting
import Worker

/// What payments refuses by a contract of its own.
extension Stage {
    var paymentProvocations: [Provocation] {
        let nobody = UUIDv7.next().text
        func refund(_ problem: String, _ payment: String, _ more: String = "") -> Provocation {
            Provocation(
                "payments.refund", problem, #"{"id": "\#(payment)"\#(more)}"#, by: Market.staff,
                key: "refund \(problem)")
        }
        return [
            pay("order-not-found", orders.pending, by: stranger),
            pay("amount-mismatch", orders.pending, amount: "59.97"),
            pay("already-paid", orders.paid),
            pay("payment-in-progress", orders.waiting),
            pay("amount-not-chargeable", orders.cheap, amount: "0.10"),
            pay("order-not-payable", orders.cancelled),
            Provocation("payments.get", "payment-not-found", #"{"id": "\#(payments.paid)"}"#, by: stranger),
            refund("payment-not-found", nobody),
            refund("payment-not-refundable", payments.declined),
            refund("payment-disputed", payments.disputed),
            refund("already-refunded", payments.refunded),
            refund("refund-too-large", payments.paid, #", "amount": 59.99"#),
            refund("amount-not-refundable", payments.paid, #", "amount": 0.001"#),
            Provocation("payments.refunds", "payment-not-found", #"{"id": "\#(payments.paid)"}"#, by: stranger),
            Provocation("payments.void", "order-not-found", #"{"orderId": "\#(nobody)"}"#),
        ] + webhookProvocations
    }

    /// They tell the card company, which keeps what it was told; the attempt is in the books, and it is told in the answer.
    var recordedProvocations: [Provocation] {
        let attempt: Set = [
            "payments.payments", "payments.payment_attempts", "payments.order_accounts", "payments.provider_calls",
            "payments.webhook_events", "stripe",
        ]
        var declined = pay("payment-declined", orders.pending, method: "pm_card_chargeDeclined")
        declined.records = attempt
        var failed = pay("payment-provider-failed", orders.pending)
        failed.fault = #"{"failNext": {"status": 400, "method": "POST", "path": "/v1/payment_intents"}}"#
        failed.records = attempt.subtracting(["payments.webhook_events", "stripe"])
        return [declined, failed]
    }

    private func pay(
        _ problem: String, _ order: String, amount: String = "59.98", method: String = "pm_card_visa",
        by customer: String? = nil
    ) -> Provocation {
        Provocation(
            "payments.create", problem,
            #"{"orderId": "\#(order)", "amount": \#(amount), "paymentMethodId": "\#(method)"}"#, by: customer ?? owner)
    }

    private var webhookProvocations: [Provocation] {
        func told(_ problem: String, _ body: String, secret: String) -> Provocation {
            var provocation = Provocation("payments.webhook", problem, body, by: "anonymous")
            provocation.signature = StripeWebhook.sign(
                payload: Array(body.utf8), secret: secret, timestamp: Timestamp.now().seconds)
            return provocation
        }
        let event =
            #"{"id": "evt_1", "object": "event", "type": "charge.refunded", "created": 1, "data": {"object": {}}}"#
        return [
            told("malformed-json", "no event", secret: StripeSide.webhookSecret),
            told("invalid-signature", event, secret: "whsec_other"),
        ]
    }
}
