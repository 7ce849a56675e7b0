import Stripe
import Testing

@testable import StripeSimulator

@Suite("A payment intent at the simulator")
struct PaymentIntentTests {
    @Test("is made, confirmed and read in separate calls")
    func steps() async throws {
        try await SimulatorHarness.run { harness in
            var parameters = StripeClient.PaymentIntentParameters(amount: 700, currency: "usd", paymentMethod: nil)
            parameters.confirm = false
            let made = try await harness.client.createPaymentIntent(
                parameters, idempotencyKey: "a", deadline: harness.soon)
            #expect(made.status == .requiresPaymentMethod && made.latestCharge == nil)
            let paid = try await harness.client.confirmPaymentIntent(
                made.id, paymentMethod: "pm_card_visa", idempotencyKey: "b", deadline: harness.soon)
            #expect(paid.status == .succeeded)
            let read = try await harness.client.retrievePaymentIntent(made.id, deadline: harness.soon)
            #expect(read == paid)
        }
    }

    @Test("is canceled while it is open, and not after it succeeded")
    func cancel() async throws {
        try await SimulatorHarness.run { harness in
            let open = try await harness.pay("pm_card_authenticationRequired")
            let canceled = try await harness.client.cancelPaymentIntent(
                open.id, reason: "abandoned", idempotencyKey: "c1", deadline: harness.soon)
            #expect(canceled.status == .canceled && canceled.cancellationReason == "abandoned")
            let paid = try await harness.pay("pm_card_visa")
            let error = await failure(StripeError.self) {
                _ = try await harness.client.cancelPaymentIntent(paid.id, idempotencyKey: "c2", deadline: harness.soon)
            }
            #expect(error?.code == "payment_intent_unexpected_state" && error?.httpStatus == 400)
            #expect(error?.paymentIntent?.status == .succeeded)
        }
    }

    @Test("cannot be confirmed twice, nor without a payment method")
    func confirm() async throws {
        try await SimulatorHarness.run { harness in
            let paid = try await harness.pay("pm_card_visa")
            let twice = await failure(StripeError.self) {
                _ = try await harness.client.confirmPaymentIntent(paid.id, idempotencyKey: "x", deadline: harness.soon)
            }
            #expect(twice?.message.contains("already succeeded") == true)
            let made = try await harness.http.post("/v1/payment_intents", "amount=500&currency=eur&confirm=true")
            #expect(try made.status == 400 && made.error.message?.contains("missing a payment method") == true)
            #expect(try await harness.ledger().intents.count == 1)
        }
    }

    @Test("with manual capture is captured in part")
    func capture() async throws {
        struct View: Decodable { var id: String }
        try await SimulatorHarness.run { harness in
            let made: View = try await harness.http.post(
                "/v1/payment_intents",
                "amount=500&currency=eur&confirm=true&payment_method=pm_card_visa&capture_method=manual"
            ).decode()
            let held = try await harness.client.retrievePaymentIntent(made.id, deadline: harness.soon)
            #expect(held.status == .requiresCapture && held.amountCapturable == 500 && held.amountReceived == 0)
            let tooMuch = await failure(StripeError.self) {
                _ = try await harness.client.capturePaymentIntent(
                    made.id, amount: 501, idempotencyKey: "k0", deadline: harness.soon)
            }
            #expect(tooMuch?.kind == .invalidRequest(param: "amount_to_capture"))
            let captured = try await harness.client.capturePaymentIntent(
                made.id, amount: 300, idempotencyKey: "k1", deadline: harness.soon)
            #expect(captured.status == .succeeded && captured.amountReceived == 300)
            #expect(try await harness.ledger().captured == ["eur": 300])
        }
    }

    @Test("is updated while it is open, and its metadata always")
    func update() async throws {
        struct View: Decodable {
            var id: String
            var amount: Int64
            var metadata: [String: String]
        }
        try await SimulatorHarness.run { harness in
            let made: View = try await harness.http.post(
                "/v1/payment_intents", "amount=500&currency=eur&metadata[a]=1&metadata[b]=2"
            ).decode()
            let path = "/v1/payment_intents/\(made.id)"
            let updated: View = try await harness.http.post(path, "amount=600&metadata[a]=&metadata[c]=3").decode()
            #expect(updated.amount == 600 && updated.metadata == ["b": "2", "c": "3"])
            _ = try await harness.http.post("\(path)/confirm", "payment_method=pm_card_visa")
            #expect(try await harness.http.post(path, "amount=700").status == 400)
            let tagged: View = try await harness.http.post(path, "metadata=").decode()
            #expect(tagged.metadata.isEmpty && tagged.amount == 600)
        }
    }

    @Test("is found by metadata, by search and by walking the list")
    func lookup() async throws {
        try await SimulatorHarness.run { harness in
            var ids: [String] = []
            for index in 0..<5 { ids.append(try await harness.pay("pm_card_visa", order: "o'\(index % 2)").id) }
            let page = try await harness.client.listPaymentIntents(limit: 2, deadline: harness.soon)
            #expect(page.elements.map(\.id) == [ids[4], ids[3]] && page.hasMore)
            let rest = try await harness.client.listPaymentIntents(
                startingAfter: ids[3], limit: 100, deadline: harness.soon)
            #expect(rest.elements.map(\.id) == [ids[2], ids[1], ids[0]] && !rest.hasMore)
            let found = try await harness.client.searchPaymentIntents(
                metadata: ["order_id": "o'1", "payment_id": "payment-of-o'1"], deadline: harness.soon)
            #expect(found.elements.map(\.id) == [ids[3], ids[1]])
            let walked = try await harness.client.findPaymentIntents(
                metadata: ["order_id": "o'1"], createdSince: 0, deadline: harness.soon)
            #expect(walked.map(\.id) == [ids[3], ids[1]])
            let none = try await harness.client.findPaymentIntents(
                metadata: [:], createdSince: 9_999_999_999, deadline: harness.soon)
            #expect(none.isEmpty)
            let unproved = await failure(StripeError.self) {
                _ = try await harness.client.findPaymentIntents(
                    metadata: [:], createdSince: 0, maxPages: 0, deadline: harness.soon)
            }
            #expect(unproved?.kind == .invalidRequest(param: "createdSince"))
        }
    }

    @Test("shows its charge when asked")
    func expansion() async throws {
        struct View: Decodable {
            struct Charge: Decodable { var id: String }
            var latest_charge: Charge
        }
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay("pm_card_visa")
            let view: View = try await harness.http.get("/v1/payment_intents/\(intent.id)?expand[]=latest_charge")
            #expect(view.latest_charge.id == intent.latestCharge)
            let read = try await harness.client.retrievePaymentIntent(intent.id, deadline: harness.soon)
            #expect(read.latestCharge == intent.latestCharge)
        }
    }
}
