import FleetTesting
import Foundation
import JSON
import Stripe
import StripeTesting
import Testing

extension Running {
    @Suite("Webhooks")
    struct WebhookTests {
        @Test("3-D Secure: the secret comes back, and the webhook of its completion confirms the order at once")
        func threeDSecure() async throws {
            try await Till.run(webhooks: true) { till in
                let order = till.order()
                let answer = try await till.pay(order, "pm_card_authenticationRequired", key: "3ds")
                #expect(answer.status == 0)
                #expect(answer.body["requiresAction"]?.bool == true)
                #expect(answer.body["status"]?.string == "requires_action")
                #expect(answer.body["clientSecret"]?.string?.contains("_secret_") == true)
                #expect(answer.body["redirectUrl"]?.string?.hasPrefix(till.stripe.url) == true)
                #expect(try await till.pay(order, "pm_card_authenticationRequired", key: "3ds").bytes == answer.bytes)
                #expect(try await till.pay(order).body["type"]?.string == "urn:flotilla:problem:payment-in-progress")
                let intent = try #require(try await till.intent(of: order))
                try await till.stripe.authenticate(intent.id)
                // Nothing periodic runs: only the webhook itself can have done it.
                try await till.fleet.until("the order is paid", within: .seconds(5)) {
                    try await till.events(of: order) == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_CONFIRMED"]
                }
                #expect(try await till.stripe.ledger().captured == ["usd": 5998])
            }
        }

        @Test("3-D Secure that fails gives the order up, and closes the intent for other cards")
        func failedAuthentication() async throws {
            try await Till.run(webhooks: true) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_authenticationRequired")
                let intent = try #require(try await till.intent(of: order))
                try await till.stripe.authenticate(intent.id, "fail")
                try await till.fleet.until("the intent is closed") {
                    try await till.intent(of: order)?.status == "canceled"
                }
                try await till.fleet.until("the books say so") {
                    try await till.fleet.sql("SELECT cancel_wanted FROM payments.payments") == ["f"]
                }
                #expect(try await till.events(of: order) == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_FAILED"])
                #expect(try await till.statuses(of: order) == ["failed"])
            }
        }

        @Test("webhooks that come twice, and in the wrong order, tell each outcome once")
        func twiceAndReversed() async throws {
            try await Till.run(webhooks: true) { till in
                try await till.stripe.faults(#"{"webhooks": {"duplicate": 100}}"#)
                let twice = till.order()
                _ = try await till.pay(twice, "pm_card_authenticationRequired")
                try await till.stripe.authenticate(try #require(try await till.intent(of: twice)).id)
                try await settled(till)
                #expect(try await till.events(of: twice) == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_CONFIRMED"])

                try await till.stripe.faults(#"{"reset": true, "webhooks": {"reverse": 3, "duplicate": 0}}"#)
                let reversed = till.order()
                _ = try await till.pay(reversed, "pm_card_authenticationRequired")
                try await till.stripe.authenticate(try #require(try await till.intent(of: reversed)).id)
                try await till.fleet.until("the order is paid") { try await till.state(of: reversed) == "paid" }
                try await settled(till)
                #expect(try await till.events(of: reversed) == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_CONFIRMED"])
                #expect(try await till.versionsAreGapless())
            }
        }

        @Test(
            "a failure that is told late, after the customer has paid with the same intent, does not undo the payment")
        func lateFailure() async throws {
            try await Till.run { till in
                let order = till.order()
                #expect(try await till.pay(order).status == 0)
                let intent = try #require(try await till.intent(of: order))
                for (type, status) in [
                    ("payment_intent.payment_failed", "requires_payment_method"),
                    ("payment_intent.requires_action", "requires_action"), ("payment_intent.processing", "processing"),
                    ("payment_intent.canceled", "canceled"),
                ] {
                    #expect(try await deliver(till, type, intent: intent.id, status: status) == 200)
                }
                try await settled(till)
                #expect(try await till.statuses(of: order) == ["succeeded"])
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
            }
        }

        @Test("a failure that is out of date is asked about: the intent has succeeded meanwhile")
        func outdatedFailure() async throws {
            try await Till.run { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_authenticationRequired")
                let intent = try #require(try await till.intent(of: order))
                try await till.stripe.authenticate(intent.id)
                let status = "requires_payment_method"
                #expect(
                    try await deliver(till, "payment_intent.payment_failed", intent: intent.id, status: status) == 200)
                try await till.fleet.until("the order is paid") { try await till.state(of: order) == "paid" }
                #expect(try await till.events(of: order) == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_CONFIRMED"])
            }
        }

        @Test("a webhook that comes before the answer finds the payment by its metadata")
        func beforeTheAnswer() async throws {
            try await Till.run(webhooks: true) { till in
                try await till.stripe.faults(#"{"hold": {"count": 1, "afterEffect": true}}"#)
                let order = till.order()
                async let answer = till.pay(order, key: "held")
                try await till.fleet.until("the webhook has confirmed it") {
                    try await till.events(of: order) == ["PAYMENT_CONFIRMED"]
                }
                try await till.stripe.release()
                #expect(try await answer.status == 0)
                #expect(try await answer.body["status"]?.string == "succeeded")
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
            }
        }

        @Test("a slow bank: processing first, confirmed by the webhook")
        func processing() async throws {
            try await Till.run(webhooks: true) { till in
                let order = till.order()
                let answer = try await till.pay(order, "pm_usBankAccount_success")
                #expect(answer.status == 0)
                #expect(answer.body["status"]?.string == "processing")
                try await till.fleet.until("the bank has answered") { try await till.state(of: order) == "paid" }
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
            }
        }

        @Test("a dispute is recorded")
        func dispute() async throws {
            try await Till.run(webhooks: true) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_createDispute")
                try await till.fleet.until("the dispute is in the books") {
                    try await till.fleet.sql("SELECT amount FROM payments.disputes") == ["5998"]
                }
            }
        }

        @Test("a webhook without a good signature is refused and not stored")
        func signatures() async throws {
            try await Till.run { till in
                let body = Array(
                    #"{"id": "evt_1", "type": "x", "created": 1, "data": {"object": {"object": "x"}}}"#.utf8)
                let now = Int64(Date().timeIntervalSince1970)
                let secret = StripeSide.webhookSecret
                let good = StripeWebhook.sign(payload: body, secret: secret, timestamp: now)
                let edited = body + [UInt8(ascii: " ")]
                let unsigned = try await till.webhook(body, signature: nil)
                #expect(unsigned == 400)
                #expect(try await till.webhook(body, signature: "nonsense") == 400)
                #expect(try await till.webhook(edited, signature: good) == 400)
                let forged = StripeWebhook.sign(payload: body, secret: "whsec_other", timestamp: now)
                #expect(try await till.webhook(body, signature: forged) == 400)
                let old = StripeWebhook.sign(payload: body, secret: secret, timestamp: now - 301)
                #expect(try await till.webhook(body, signature: old) == 400)
                let early = StripeWebhook.sign(payload: body, secret: secret, timestamp: now + 400)
                #expect(try await till.webhook(body, signature: early) == 400)
                let text = Array("no event".utf8)
                let signed = StripeWebhook.sign(payload: text, secret: secret, timestamp: now)
                #expect(try await till.webhook(text, signature: signed) == 400)
                #expect(try await till.fleet.sql("SELECT count(*) FROM payments.webhook_events") == ["0"])
                #expect(try await till.webhook(body, signature: good) == 200)
                #expect(try await till.webhook(body, signature: good) == 200)
                #expect(
                    try await till.fleet.sql("SELECT event_id || (handled_at IS NOT NULL) FROM payments.webhook_events")
                        == ["evt_1true"])
            }
        }

        @Test("a webhook about somebody else's intent is put aside")
        func foreign() async throws {
            try await Till.run { till in
                #expect(
                    try await deliver(till, "payment_intent.succeeded", intent: "pi_foreign", status: "succeeded")
                        == 200)
                try await settled(till)
                #expect(try await till.fleet.sql("SELECT count(*) FROM payments.events") == ["0"])
            }
        }

        /// Waits until every webhook that has come is handled.
        private func settled(_ till: Till) async throws {
            try await till.fleet.until("all webhooks are handled") {
                try await till.fleet.sql(
                    "SELECT count(*) > 0 AND bool_and(handled_at IS NOT NULL) FROM payments.webhook_events") == ["t"]
            }
        }

        private func deliver(_ till: Till, _ type: String, intent: String, status: String) async throws -> Int {
            let error = #"{"type": "card_error", "code": "card_declined", "message": "No."}"#
            let body = Array(
                """
                {"id": "evt_\(UUID().uuidString)", "type": "\(type)", "created": 1, "data": {"object": {
                    "object": "payment_intent", "id": "\(intent)", "amount": 5998, "currency": "usd", "created": 1,
                    "status": "\(status)", "last_payment_error": \(error)}}}
                """.utf8)
            let signature = StripeWebhook.sign(
                payload: body, secret: StripeSide.webhookSecret, timestamp: Int64(Date().timeIntervalSince1970))
            return try await till.webhook(body, signature: signature)
        }
    }
}
