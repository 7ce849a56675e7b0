import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Testing

extension Running {
    @Suite("Cancelled orders")
    struct CancellationTests {
        @Test("cancelling a paid order gives all of the money back, once")
        func refund() async throws {
            try await Till.run(Till.fast) { till in
                let order = till.order()
                let id = try #require(try await till.pay(order).body["paymentId"]?.string)
                try await till.tellCancelled(order)
                try await refunded(till, order)
                #expect(
                    try await till.events(of: order) == ["PAYMENT_CONFIRMED", "PAYMENT_REFUNDED", "PAYMENT_VOIDED"])
                let payment = try await till.fleet.call("payments.get", #"{"id": "\#(id)"}"#)
                #expect(payment.body["status"]?.string == "refunded")
                #expect(payment.body["refundedAmount"] == .number(JSONNumber(text: "59.98")!))
            }
        }

        @Test("a cancelled order takes no payment")
        func payAfterCancel() async throws {
            try await Till.run { till in
                let order = till.order()
                try await till.tellCancelled(order)
                // Orders itself may not know yet: what counts is the account.
                let answer = try await till.pay(order)
                #expect(answer.status == 409)
                #expect(answer.body["type"]?.string == "urn:flotilla:problem:order-not-payable")
                #expect(try await till.stripe.ledger().intents.isEmpty)
            }
        }

        @Test("an order that is cancelled while Stripe charges: the money goes back, and nobody hears of a payment")
        func cancelledMeanwhile() async throws {
            try await Till.run(Till.fast) { till in
                try await till.stripe.faults(#"{"hold": {"count": 1, "afterEffect": true}}"#)
                let order = till.order()
                async let answer = till.pay(order)
                try await till.fleet.until("Stripe has charged") { try await till.intent(of: order)?.captured == 5998 }
                try await till.tellCancelled(order)
                try await till.stripe.release()
                #expect(try await answer.body["type"]?.string == "urn:flotilla:problem:order-not-payable")
                try await refunded(till, order)
                #expect(try await till.events(of: order) == ["PAYMENT_REFUNDED", "PAYMENT_VOIDED"])
            }
        }

        @Test("an intent that waits for its customer is cancelled with the order")
        func cancelsIntent() async throws {
            try await Till.run(Till.fast) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_authenticationRequired")
                try await till.tellCancelled(order)
                try await till.fleet.until("the intent is cancelled") {
                    try await till.intent(of: order)?.status == "canceled"
                }
                try await till.fleet.until("the books say so") { try await till.statuses(of: order) == ["cancelled"] }
                #expect(try await till.events(of: order) == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_VOIDED"])
            }
        }

        @Test("a payment of a cancelled order that Stripe never heard of is not made")
        func neverPosted() async throws {
            let configure: @Sendable (inout PaymentsSettings) -> Void = { settings in
                Till.fast(&settings)
                // The first look comes with the cancellation.
                settings.checkAfter = .seconds(30)
                settings.longestCheckPause = .milliseconds(300)
            }
            try await Till.run(configure) { till in
                try await till.stripe.faults(
                    #"{"failNext": {"drop": true, "afterEffect": false, "path": "/v1/payment_intents"}}"#)
                let order = till.order()
                #expect(try await till.pay(order).status == 503)
                try await till.tellCancelled(order)
                try await till.fleet.until("it has come to an end") { try await till.statuses(of: order) == ["failed"] }
                #expect(try await till.stripe.ledger().intents.isEmpty)
                #expect(try await till.events(of: order) == ["PAYMENT_VOIDED"])
            }
        }

        @Test("a refund that the bank takes its time for is told when it is through")
        func slowRefund() async throws {
            try await Till.run(webhooks: true, Till.fast) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_pendingRefund")
                try await till.tellCancelled(order)
                try await refunded(till, order)
                #expect(
                    try await till.events(of: order) == ["PAYMENT_CONFIRMED", "PAYMENT_REFUNDED", "PAYMENT_VOIDED"])
            }
        }

        @Test("a refund that the bank returns is a failed refund, and the payment counts again")
        func returnedRefund() async throws {
            try await Till.run(webhooks: true, Till.fast) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_refundFail")
                try await till.tellCancelled(order)
                try await till.fleet.until("the refund has failed") {
                    try await till.fleet.sql("SELECT status FROM payments.refunds") == ["failed"]
                }
                #expect(try await till.statuses(of: order) == ["succeeded"])
                #expect(try await till.versionsAreGapless())
            }
        }

        @Test("a lost answer to a refund gives the money back once")
        func lostRefundAnswer() async throws {
            try await Till.run(Till.fast) { till in
                let order = till.order()
                _ = try await till.pay(order)
                try await till.stripe.faults(
                    #"{"failNext": {"drop": true, "afterEffect": true, "path": "/v1/refunds", "count": 2}}"#)
                try await till.tellCancelled(order)
                try await refunded(till, order)
                #expect(
                    try await till.events(of: order) == ["PAYMENT_CONFIRMED", "PAYMENT_REFUNDED", "PAYMENT_VOIDED"])
            }
        }

        @Test("a refund that is made in Stripe's dashboard is taken into the books")
        func dashboardRefund() async throws {
            try await Till.run(webhooks: true) { till in
                let order = till.order()
                _ = try await till.pay(order)
                let intent = try #require(try await till.intent(of: order))
                try await till.stripe.send("POST", "/v1/refunds", "payment_intent=\(intent.id)&amount=1000")
                try await till.fleet.until("the refund is known") {
                    try await till.events(of: order) == ["PAYMENT_CONFIRMED", "PAYMENT_REFUNDED"]
                }
                #expect(try await till.fleet.sql("SELECT amount || status FROM payments.refunds") == ["1000succeeded"])
                #expect(try await till.statuses(of: order) == ["succeeded"])
                try await till.stripe.send("POST", "/v1/refunds", "payment_intent=\(intent.id)")
                try await till.fleet.until("all is refunded") { try await till.statuses(of: order) == ["refunded"] }
                #expect(try await till.fleet.sql("SELECT sum(amount) FROM payments.refunds") == ["5998"])
            }
        }

        /// The books and Stripe agree that all of it has gone back.
        private func refunded(_ till: Till, _ order: String) async throws {
            try await till.fleet.until("the payment is refunded") { try await till.statuses(of: order) == ["refunded"] }
            let intent = try #require(try await till.intent(of: order))
            #expect(intent.captured == 5998)
            #expect(intent.refunded == 5998)
            #expect(try await till.fleet.sql("SELECT status || amount FROM payments.refunds") == ["succeeded5998"])
            #expect(try await till.versionsAreGapless())
        }
    }
}
