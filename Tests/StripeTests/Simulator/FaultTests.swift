import Stripe
import Testing

@testable import StripeSimulator

@Suite("An answer that goes wrong")
struct FaultTests {
    @Test("a lost answer is asked for again under the same key, and the card is charged once")
    func lostAnswer() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"failNext":{"drop":true,"afterEffect":true}}"#)
            let intent = try await harness.pay("pm_card_visa")
            #expect(intent.status == .succeeded)
            let ledger = try await harness.ledger()
            #expect(ledger.captured == ["eur": 1999] && ledger.intents.map(\.id) == [intent.id])
        }
    }

    @Test("a 500 in place of an answer that was recorded is repaired by the retry")
    func proxyFailure() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"failNext":{"status":502,"count":2,"afterEffect":true,"recorded":false}}"#)
            #expect(try await harness.pay("pm_card_visa").status == .succeeded)
            #expect(try await harness.ledger().captured == ["eur": 1999])
        }
    }

    @Test("a 500 that Stripe recorded is replayed for ever, and the intent is found by its metadata")
    func recordedFailure() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"failNext":{"status":500,"afterEffect":true}}"#)
            for _ in 0..<2 {
                let error = await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa", key: "k") }
                #expect(error?.kind == .api && error?.outcomeUnknown == true && error?.isRetriable == true)
            }
            let found = try await harness.client.findPaymentIntents(
                metadata: ["order_id": "order-1"], createdSince: 0, deadline: harness.soon)
            #expect(found.map(\.status) == [.succeeded])
            #expect(try await harness.ledger().ordersChargedTwice == [])
        }
    }

    @Test(
        "failures before anything was done are repeated until it is done once",
        arguments: [
            #"{"failNext":{"status":500,"count":2}}"#, #"{"failNext":{"status":409,"count":2}}"#,
            #"{"failNext":{"drop":true,"count":2}}"#,
            #"{"failNext":[{"status":503},{"status":429,"shouldRetry":true,"retryAfterSeconds":0}]}"#,
        ])
    func before(_ faults: String) async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(faults)
            #expect(try await harness.pay("pm_card_visa").status == .succeeded)
            #expect(try await harness.ledger().intents.count == 1)
        }
    }

    @Test("the third failure stands")
    func limit() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"failNext":{"status":500,"count":3}}"#)
            let error = await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa") }
            #expect(error?.kind == .api && error?.httpStatus == 500 && error?.requestId?.hasPrefix("req_") == true)
            #expect(try await harness.ledger().intents.isEmpty)
            #expect(try await harness.pay("pm_card_visa").status == .succeeded)
        }
    }

    @Test("a call is not repeated when Stripe says so, nor after two 429 in vain")
    func advice() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"failNext":{"status":500,"shouldRetry":false}}"#)
            let advised = await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa") }
            #expect(advised?.kind == .api)
            try await harness.faults(#"{"failNext":{"status":429,"count":3}}"#)
            let limited = await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa") }
            #expect(limited?.kind == .rateLimited && limited?.outcomeUnknown == false && limited?.isRetriable == true)
            #expect(try await harness.ledger().intents.isEmpty)
            try await harness.faults(#"{"failNext":{"status":429,"count":2}}"#)
            #expect(try await harness.pay("pm_card_visa").status == .succeeded)
            #expect(try await harness.ledger().intents.count == 1)
        }
    }

    @Test("an unknown outcome stays unknown when the retry is only turned away")
    func unknownStays() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(
                #"{"failNext":[{"drop":true,"afterEffect":true},{"status":429,"count":2}]}"#)
            let error = await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa") }
            #expect(error?.kind == .rateLimited && error?.outcomeUnknown == true)
            #expect(try await harness.ledger().captured == ["eur": 1999])
        }
    }

    @Test("a held answer runs into the deadline although the card was charged; the same key tells it later")
    func held() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"hold":{"count":1}}"#)
            let parameters = StripeClient.PaymentIntentParameters(
                amount: 500, currency: "eur", paymentMethod: "pm_card_visa")
            async let late = failure(StripeError.self) {
                _ = try await harness.client.createPaymentIntent(
                    parameters, idempotencyKey: "k", deadline: .now + .seconds(2))
            }
            #expect(try await eventually { try await harness.held == 1 })
            #expect(try await harness.ledger().captured == ["eur": 500])
            let error = await late
            #expect(error?.kind == .timeout && error?.outcomeUnknown == true)
            _ = try await harness.http.post("/sim/release")
            let intent = try await harness.client.createPaymentIntent(
                parameters, idempotencyKey: "k", deadline: harness.soon)
            #expect(intent.status == .succeeded)
            #expect(try await harness.ledger().captured == ["eur": 500])
        }
    }

    @Test("an attempt that times out is repeated within the deadline")
    func attemptTimeout() async throws {
        try await SimulatorHarness.run(client: { $0.requestTimeout = .seconds(2) }) { harness in
            try await harness.faults(#"{"hold":{"count":1,"afterEffect":false}}"#)
            #expect(try await harness.pay("pm_card_visa").status == .succeeded)
            // The first attempt is carried out late, and must not charge again.
            _ = try await harness.http.post("/sim/release")
            #expect(try await eventually { try await harness.held == 0 })
            #expect(try await harness.ledger().captured == ["eur": 1999])
        }
    }

    @Test("latency delays every answer")
    func latency() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"latencyMs":40}"#)
            let start = ContinuousClock.now
            _ = try await harness.pay("pm_card_visa")
            #expect(ContinuousClock.now - start >= .milliseconds(40))
            try await harness.faults(#"{"reset":true}"#)
            #expect(
                try await harness.http.send("GET", "/sim/faults").body.hasPrefix(#"{"latencyMs":0,"rules":[],"held":0"#)
            )
        }
    }

    @Test(
        "rules that make no sense are refused and change nothing",
        arguments: [
            "", "[]", "nonsense", #"{"latencyMs":-1}"#, #"{"latencyMs":99999999}"#, #"{"latencyMs":1e99}"#,
            #"{"failNext":{}}"#, #"{"failNext":{"status":200}}"#, #"{"failNext":{"status":500,"drop":true}}"#,
            #"{"failNext":{"status":500,"count":0}}"#, #"{"hold":{"status":500}}"#, #"{"hold":"yes"}"#,
            #"{"webhooks":{"drop":-1}}"#, #"{"webhooks":{"delayMs":99999999}}"#,
            #"{"latencyMs":5,"failNext":{"status":1}}"#, #"{"latencyMs":5,"webhooks":{"drop":-1}}"#,
        ])
    func nonsense(_ body: String) async throws {
        try await SimulatorHarness.run { harness in
            let answer = try await harness.http.send("POST", "/sim/faults", body, type: "application/json")
            #expect(answer.status == 400)
            #expect(try await harness.http.send("GET", "/sim/faults").body.hasPrefix(#"{"latencyMs":0,"rules":[]"#))
        }
    }
}
