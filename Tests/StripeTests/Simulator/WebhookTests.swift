import HTTPTypes
import Stripe
import Testing

@testable import StripeSimulator

@Suite("Webhooks")
struct WebhookTests {
    private struct DeliveriesView: Decodable {
        struct Delivery: Decodable {
            var eventId: String
            var type: String
            var state: String
            var attempts: Int
            var lastStatus: Int?
        }
        var url: String?
        var pending: Int
        var deliveries: [Delivery]
    }

    @Test("tell each step of a payment, signed")
    func steps() async throws {
        try await WebhookReceiver.run { receiver, hook in
            try await SimulatorHarness.run(configure: { $0.webhookURL = hook }) { harness in
                let intent = try await harness.pay("pm_card_visa")
                await receiver.wait(for: "payment_intent.created")
                await receiver.wait(for: "payment_intent.succeeded")
                _ = try? await harness.pay("pm_card_chargeDeclined")
                await receiver.wait(for: "payment_intent.payment_failed")
                _ = try await harness.client.createRefund(
                    .init(paymentIntent: intent.id), idempotencyKey: "r", deadline: harness.soon)
                await receiver.wait(for: "refund.created")
                let refunded = await receiver.wait(for: "charge.refunded")
                #expect(refunded.first?.paymentIntentId == intent.id)
                #expect(await receiver.refused == 0)
                let listed = try await harness.client.listEvents(deadline: harness.soon)
                #expect(Set(listed.elements.map(\.id)) == Set(await receiver.received.map(\.id)))
            }
        }
    }

    @Test("that are not answered 2xx are sent again, with the same event")
    func retries() async throws {
        try await WebhookReceiver.run { receiver, hook in
            await receiver.answerNext(.internalServerError, .seeOther)
            try await SimulatorHarness.run(
                configure: {
                    $0.webhookURL = hook
                    $0.webhookEvents = ["payment_intent.succeeded"]
                }
            ) { harness in
                _ = try await harness.pay("pm_card_visa")
                let events = await receiver.wait(for: "payment_intent.succeeded", count: 3)
                #expect(Set(events.map(\.id)).count == 1)
                #expect(
                    try await eventually {
                        let view: DeliveriesView = try await harness.http.get("/sim/webhooks")
                        return view.pending == 0
                            && view.deliveries.contains { $0.state == "delivered" && $0.attempts == 3 }
                    })
                let view: DeliveriesView = try await harness.http.get("/sim/webhooks")
                #expect(view.deliveries.first { $0.type == "payment_intent.created" }?.state == "skipped")
            }
        }
    }

    @Test("are given up after the last attempt")
    func givenUp() async throws {
        try await WebhookReceiver.run { receiver, hook in
            await receiver.answerNext(.badGateway, .badGateway)
            try await SimulatorHarness.run(
                configure: {
                    $0.webhookURL = hook
                    $0.webhookAttempts = 2
                    $0.webhookEvents = ["payment_intent.succeeded"]
                }
            ) { harness in
                _ = try await harness.pay("pm_card_visa")
                #expect(
                    try await eventually {
                        let view: DeliveriesView = try await harness.http.get("/sim/webhooks")
                        return view.deliveries.contains {
                            $0.state == "failed" && $0.attempts == 2 && $0.lastStatus == 502
                        }
                    })
                let id = try await harness.client.listEvents(deadline: harness.soon).elements[0].id
                #expect(try await harness.http.post("/sim/events/\(id)/resend").status == 200)
                await receiver.wait(for: "payment_intent.succeeded", count: 3)
                #expect(try await harness.http.post("/sim/events/evt_x/resend").status == 404)
            }
        }
    }

    @Test("come twice, in reverse, late or never when that is asked for")
    func faults() async throws {
        try await WebhookReceiver.run { receiver, hook in
            try await SimulatorHarness.run(
                configure: {
                    $0.webhookURL = hook
                    $0.webhookEvents = ["payment_intent.succeeded"]
                }
            ) { harness in
                try await harness.faults(#"{"webhooks":{"duplicate":1}}"#)
                let twice = try await harness.pay("pm_card_visa")
                let copies = await receiver.wait(for: "payment_intent.succeeded", count: 2)
                #expect(copies[0] == copies[1] && copies[0].paymentIntentId == twice.id)

                try await harness.faults(#"{"webhooks":{"drop":1}}"#)
                let silent = try await harness.pay("pm_card_visa")
                try await harness.faults(#"{"webhooks":{"reverse":3}}"#)
                var ids: [String] = []
                for _ in 0..<3 { ids.append(try await harness.pay("pm_card_visa").id) }
                let all = await receiver.wait(for: "payment_intent.succeeded", count: 5)
                #expect(all.dropFirst(2).compactMap(\.paymentIntentId) == ids.reversed())

                try await harness.faults(#"{"webhooks":{"delayMs":50}}"#)
                let start = ContinuousClock.now
                _ = try await harness.pay("pm_card_visa")
                await receiver.wait(for: "payment_intent.succeeded", count: 6)
                #expect(ContinuousClock.now - start >= .milliseconds(50))
                #expect(await receiver.received.allSatisfy { $0.paymentIntentId != silent.id })
            }
        }
    }

    @Test("that were to be reversed but stay alone are delivered all the same")
    func lonelyReverse() async throws {
        try await WebhookReceiver.run { receiver, hook in
            try await SimulatorHarness.run(configure: { $0.webhookURL = hook }) { harness in
                try await harness.faults(#"{"webhooks":{"reverse":50}}"#)
                _ = try await harness.pay("pm_card_visa")
                await receiver.wait(for: "payment_intent.created")
                #expect(await receiver.received.map(\.type) == ["payment_intent.succeeded", "payment_intent.created"])
            }
        }
    }

    @Test("go where the simulator is told while it runs")
    func target() async throws {
        try await WebhookReceiver.run { receiver, hook in
            try await SimulatorHarness.run { harness in
                _ = try await harness.pay("pm_card_visa", order: "before")
                let answer = try await harness.http.send(
                    "POST", "/sim/webhooks", #"{"url":"\#(hook)"}"#, type: "application/json")
                #expect(answer.status == 200)
                let intent = try await harness.pay("pm_card_visa", order: "after")
                let events = await receiver.wait(for: "payment_intent.succeeded")
                #expect(events.map(\.paymentIntentId) == [intent.id])
                for bad in [#"{"url":"ftp://x"}"#, #"{"url":5}"#, "nonsense", #"{"url":"http://a b"}"#] {
                    let refused = try await harness.http.send("POST", "/sim/webhooks", bad, type: "application/json")
                    #expect(refused.status == 400)
                }
            }
        }
    }
}
