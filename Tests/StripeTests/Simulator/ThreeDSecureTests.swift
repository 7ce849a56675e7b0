import Stripe
import Testing

@testable import StripeSimulator

@Suite("3-D Secure")
struct ThreeDSecureTests {
    @Test("that is completed charges the card and tells it by webhook")
    func complete() async throws {
        try await WebhookReceiver.run { receiver, hook in
            try await SimulatorHarness.run(configure: { $0.webhookURL = hook }) { harness in
                let intent = try await harness.pay("pm_card_authenticationRequired", returnURL: "https://shop.example/")
                let asked = await receiver.wait(for: "payment_intent.requires_action")
                #expect(asked.first?.paymentIntentId == intent.id)
                let done = try await harness.http.post("/3ds/\(intent.id)/complete")
                #expect(done.status == 200)
                let paid = await receiver.wait(for: "payment_intent.succeeded")
                guard case .paymentIntent(let told) = paid.first?.object else {
                    Issue.record("no intent in the event")
                    return
                }
                let read = try await harness.client.retrievePaymentIntent(intent.id, deadline: harness.soon)
                #expect(told == read && read.status == .succeeded && read.amountReceived == 1999)
                #expect(await receiver.refused == 0)
                #expect(try await harness.http.post("/3ds/\(intent.id)/complete").status == 400)
            }
        }
    }

    @Test("that fails charges nothing and tells it by webhook; another card may follow")
    func fail() async throws {
        try await WebhookReceiver.run { receiver, hook in
            try await SimulatorHarness.run(configure: { $0.webhookURL = hook }) { harness in
                let intent = try await harness.pay("pm_card_authenticationRequired")
                #expect(try await harness.http.post("/3ds/\(intent.id)/fail").status == 200)
                let events = await receiver.wait(for: "payment_intent.payment_failed")
                guard case .paymentIntent(let failed) = events.first?.object else {
                    Issue.record("no intent in the event")
                    return
                }
                #expect(failed.status == .requiresPaymentMethod && failed.latestCharge == nil)
                #expect(failed.lastPaymentError?.code == "payment_intent_authentication_failure")
                #expect(try await harness.ledger().captured == [:])
                let paid = try await harness.client.confirmPaymentIntent(
                    intent.id, paymentMethod: "pm_card_visa", idempotencyKey: "again", deadline: harness.soon)
                #expect(paid.status == .succeeded)
            }
        }
    }

    @Test("may be completed and the card still be declined")
    func declinedAfterwards() async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay("pm_card_threeDSecureRequiredChargeDeclined")
            #expect(try await harness.http.post("/3ds/\(intent.id)/complete").status == 200)
            let read = try await harness.client.retrievePaymentIntent(intent.id, deadline: harness.soon)
            #expect(read.status == .requiresPaymentMethod && read.lastPaymentError?.code == "card_declined")
        }
    }

    @Test("has a page with two buttons, which sends the browser back to the shop")
    func page() async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay(
                "pm_card_authenticationRequired", returnURL: "https://shop.example/back?order=1")
            let page = try await harness.http.send("GET", "/3ds/\(intent.id)", headers: ["accept": "text/html"])
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.body.contains("/3ds/\(intent.id)/complete") && page.body.contains("/3ds/\(intent.id)/fail"))
            let sent = try await harness.http.send(
                "POST", "/3ds/\(intent.id)/complete", headers: ["accept": "text/html"])
            #expect(sent.status == 303)
            let location = try #require(sent.headers["location"])
            #expect(location.hasPrefix("https://shop.example/back?order=1&payment_intent=\(intent.id)&"))
            #expect(location.hasSuffix("&redirect_status=succeeded"))
            let after = try await harness.http.send("GET", "/3ds/\(intent.id)", headers: ["accept": "text/html"])
            #expect(!after.body.contains("<button>"))
        }
    }

    @Test("of an intent that is not known, or not waiting, is refused")
    func refused() async throws {
        try await SimulatorHarness.run { harness in
            #expect(try await harness.http.send("GET", "/3ds/pi_x").status == 404)
            #expect(try await harness.http.post("/3ds/pi_x/complete").status == 404)
            #expect(try await harness.http.post("/3ds/pi_x/other").status == 404)
            let intent = try await harness.pay("pm_card_visa")
            #expect(try await harness.http.post("/3ds/\(intent.id)/fail").status == 400)
        }
    }
}
