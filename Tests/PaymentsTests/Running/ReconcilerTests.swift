import FleetTesting
import Foundation
import JSON
import Payments
import Stripe
import StripeTesting
import Testing

extension Running {
    @Suite("Reconciling")
    struct ReconcilerTests {
        private static func fast(_ settings: inout PaymentsSettings) {
            Till.fast(&settings)
            settings.longestCheckPause = .milliseconds(400)
        }

        @Test("a lost answer is a 503 that says so; repeated under its key it succeeds, and Stripe has charged once")
        func lostAnswerRepeated() async throws {
            try await Till.run { till in
                let order = till.order()
                try await till.stripe.faults(
                    #"{"failNext": {"drop": true, "afterEffect": true, "path": "/v1/payment_intents"}}"#)
                let lost = try await till.pay(order, key: "again")
                #expect(lost.status == 503)
                #expect(lost.body["type"]?.string == "urn:flotilla:problem:unavailable")
                #expect(try await till.statuses(of: order) == ["pending"])
                let other = try await till.pay(order)
                #expect(other.body["type"]?.string == "urn:flotilla:problem:payment-in-progress")
                let repeated = try await till.pay(order, key: "again")
                #expect(repeated.status == 0)
                #expect(repeated.body["paymentId"] == lost.body["paymentId"])
                #expect(try await till.pay(order, key: "again").bytes == repeated.bytes)
                let ledger = try await till.stripe.ledger()
                #expect(ledger.captured == ["usd": 5998])
                #expect(ledger.ordersChargedTwice.isEmpty)
            }
        }

        @Test("lost answers that nobody repeats converge by themselves, with one charge each")
        func lostAnswers() async throws {
            try await Till.run(Self.fast) { till in
                try await till.stripe.faults(
                    #"{"failNext": {"drop": true, "afterEffect": true, "path": "/v1/payment_intents", "count": 5}}"#)
                let orders = (0..<5).map { _ in till.order() }
                for order in orders { #expect(try await till.pay(order).status == 503) }
                try await paid(till, orders)
            }
        }

        @Test("ten processes that died between Stripe's answer and the commit: one charge and one event each")
        func diedAfterStripe() async throws {
            try await Till.run(Self.fast) { till in
                var orders: [String] = []
                for _ in 0..<10 {
                    let order = till.order()
                    let payment = try await leave(till, order)
                    var parameters = StripeClient.PaymentIntentParameters(
                        amount: 5998, currency: "USD", paymentMethod: "pm_card_visa")
                    parameters.returnURL = "https://shop.test/done"
                    parameters.metadata = ["order_id": order, "payment_id": payment]
                    let intent = try await till.stripe.client.createPaymentIntent(
                        parameters, idempotencyKey: "payment-\(payment)-1", deadline: .now + .seconds(10))
                    #expect(intent.status == .succeeded)
                    orders.append(order)
                }
                try await due(till)
                try await paid(till, orders)
            }
        }

        @Test("ten processes that died before Stripe heard of the payment: the payments are made")
        func diedBeforeStripe() async throws {
            try await Till.run(Self.fast) { till in
                var orders: [String] = []
                for _ in 0..<10 {
                    orders.append(till.order())
                    _ = try await leave(till, orders[orders.count - 1])
                }
                try await due(till)
                try await paid(till, orders)
            }
        }

        @Test("a failure that Stripe repeats although it had charged is found out by looking for the intent")
        func recordedFailureAfterCharge() async throws {
            try await Till.run(Self.fast) { till in
                try await till.stripe.faults(
                    #"{"failNext": {"status": 500, "afterEffect": true, "recorded": true, "path": "/v1/payment_intents"}}"#
                )
                let order = till.order()
                #expect(try await till.pay(order).status == 503)
                try await paid(till, [order])
            }
        }

        @Test("a failure that Stripe repeats without having charged ends the payment, and the order can be paid again")
        func recordedFailureWithoutCharge() async throws {
            try await Till.run(Self.fast) { till in
                try await till.stripe.faults(
                    #"{"failNext": {"status": 500, "afterEffect": false, "recorded": true, "path": "/v1/payment_intents"}}"#
                )
                let order = till.order()
                #expect(try await till.pay(order).status == 503)
                try await till.fleet.until("it is given up") { try await till.statuses(of: order) == ["failed"] }
                #expect(try await till.events(of: order) == [])
                #expect(try await till.pay(order).status == 0)
                try await paid(till, [order])
            }
        }

        @Test("3-D Secure without its webhook is found out by asking")
        func lostWebhook() async throws {
            let configure: @Sendable (inout PaymentsSettings) -> Void = { settings in
                Self.fast(&settings)
                settings.actionCheckAfter = .milliseconds(200)
            }
            try await Till.run(configure) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_authenticationRequired")
                try await till.stripe.authenticate(try #require(try await till.intent(of: order)).id)
                try await paid(till, [order])
            }
        }

        @Test("a Stripe that is away answers 503, and the payment is made when it is back")
        func away() async throws {
            try await Till.run(Self.fast) { till in
                let rule =
                    #"{"status": 503, "afterEffect": false, "recorded": false, "count": 3, "path": "/v1/payment_intents"}"#
                try await till.stripe.faults(#"{"failNext": \#(rule)}"#)
                let order = till.order()
                #expect(try await till.pay(order).status == 503)
                try await paid(till, [order])
            }
        }

        @Test(
            "two instances, requests, webhooks twice and in reverse, and an eager reconciler: every outcome is told once"
        )
        func storm() async throws {
            let configure: @Sendable (inout PaymentsSettings) -> Void = { settings in
                Self.fast(&settings)
                settings.sweepEvery = .milliseconds(20)
                settings.checkAfter = .milliseconds(10)
                settings.actionCheckAfter = .milliseconds(30)
            }
            try await Till.run(webhooks: true, configure) { till in
                try await till.stripe.faults(
                    #"{"latencyMs": 15, "webhooks": {"duplicate": 20, "reverse": 30, "drop": 5}}"#)
                let methods = ["pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired"]
                let orders = (0..<24).map { (id: till.order(), method: methods[$0 % 3]) }
                try await till.fleet.run([Payments.worker(till.settings)]) {
                    try await withThrowingDiscardingTaskGroup { group in
                        for order in orders {
                            group.addTask {
                                _ = try await till.pay(order.id, order.method, key: order.id)
                                guard order.method == methods[2] else { return }
                                try await till.fleet.until("the intent waits for its customer") {
                                    try await till.intent(of: order.id)?.status == "requires_action"
                                }
                                try await till.stripe.authenticate(try #require(try await till.intent(of: order.id)).id)
                            }
                        }
                    }
                    for order in orders {
                        let last = order.method == methods[1] ? "PAYMENT_FAILED" : "PAYMENT_CONFIRMED"
                        try await till.fleet.until("\(order) has come to its end") {
                            try await till.events(of: order.id).last == last
                        }
                        #expect(try await till.events(of: order.id).filter { $0 == last }.count == 1)
                    }
                }
                let ledger = try await till.stripe.ledger()
                #expect(ledger.captured == ["usd": 16 * 5998])
                #expect(ledger.ordersChargedTwice.isEmpty)
                #expect(try await till.versionsAreGapless())
                #expect(
                    try await till.fleet.sql("SELECT count(*) FROM payments.payments WHERE status = 'succeeded'") == [
                        "16"
                    ])
            }
        }

        // MARK: -

        /// Writes what a process leaves that dies after it has opened a payment; the payment's id.
        private func leave(_ till: Till, _ order: String) async throws -> String {
            let payment = UUIDv7.next().text
            _ = try await till.fleet.sql(
                """
                SET search_path = payments;
                INSERT INTO order_accounts (order_id, user_id, amount, currency, state, current_payment_id)
                VALUES ('\(order)', '\(Till.customer)', 5998, 'USD', 'paying', '\(payment)');
                INSERT INTO payments (id, order_id, user_id, attempt, amount, currency, status, payment_method)
                VALUES ('\(payment)', '\(order)', '\(Till.customer)', 1, 5998, 'USD', 'pending', 'pm_card_visa');
                INSERT INTO payment_attempts (id, payment_id, attempt_number, stripe_idempotency_key, return_url)
                VALUES ('\(UUIDv7.next().text)', '\(payment)', 1, 'payment-\(payment)-1', 'https://shop.test/done');
                """)
            return payment
        }

        private func due(_ till: Till) async throws {
            _ = try await till.fleet.sql("UPDATE payments.payments SET next_check_at = now()")
        }

        /// All orders are paid, told once and charged once.
        private func paid(_ till: Till, _ orders: [String]) async throws {
            for order in orders {
                try await till.fleet.until("the order is paid") { try await till.state(of: order) == "paid" }
                #expect(try await till.events(of: order).filter { $0 == "PAYMENT_CONFIRMED" }.count == 1)
            }
            let ledger = try await till.stripe.ledger()
            #expect(ledger.captured == ["usd": Int64(5998 * orders.count)])
            #expect(ledger.ordersChargedTwice.isEmpty)
            #expect(try await till.versionsAreGapless())
        }
    }
}
