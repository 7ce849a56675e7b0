import Stripe
import Synchronization
import Testing

@testable import StripeSimulator

@Suite("An idempotency key")
struct IdempotencyTests {
    private static let body = "amount=500&currency=eur&confirm=true&payment_method=pm_card_visa&metadata[order_id]=o"

    private func post(
        _ harness: SimulatorHarness, _ body: String = Self.body, key: String = "k", path: String = "/v1/payment_intents"
    ) async throws -> RawHTTP.Answer {
        try await harness.http.post(path, body, headers: ["idempotency-key": key])
    }

    @Test("gives the first answer again, charging once")
    func replay() async throws {
        try await SimulatorHarness.run { harness in
            let first = try await post(harness)
            let second = try await post(harness)
            #expect(first.status == 200 && second.status == 200 && first.body == second.body)
            #expect(first.headers["idempotent-replayed"] == nil)
            #expect(second.headers["idempotent-replayed"] == "true")
            #expect(second.headers["original-request"] == first.headers["request-id"])
            #expect(second.headers["request-id"] != first.headers["request-id"])
            let ledger = try await harness.ledger()
            #expect(ledger.captured == ["eur": 500] && ledger.intents.count == 1 && ledger.ordersChargedTwice == [])
            _ = try await post(harness, key: "another")
            #expect(try await harness.ledger().ordersChargedTwice == ["o"])
        }
    }

    @Test("replays the order of its parameters differently written, and refuses other parameters and endpoints")
    func mismatch() async throws {
        try await SimulatorHarness.run { harness in
            let first = try await post(harness)
            let shuffled = Self.body.split(separator: "&").reversed().joined(separator: "&")
            #expect(try await post(harness, shuffled).body == first.body)
            for (body, path) in [
                (Self.body + "1", "/v1/payment_intents"), (Self.body + "&description=x", "/v1/payment_intents"),
                ("payment_intent=pi_1", "/v1/refunds"),
            ] {
                let answer = try await post(harness, body, path: path)
                #expect(try answer.status == 400 && answer.error.type == "idempotency_error")
            }
            let error = await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa", key: "k") }
            #expect(error?.kind == .idempotency && error?.isRetriable == false)
        }
    }

    @Test("replays a decline: a new attempt needs a new key")
    func decline() async throws {
        try await SimulatorHarness.run { harness async throws in
            let first = await failure(StripeError.self) {
                _ = try await harness.pay("pm_card_chargeDeclined", key: "a")
            }
            let second = await failure(StripeError.self) {
                _ = try await harness.pay("pm_card_chargeDeclined", key: "a")
            }
            #expect(first?.paymentIntent != nil && first?.paymentIntent == second?.paymentIntent)
            #expect(try await harness.ledger().intents.count == 1)
            #expect(try await harness.pay("pm_card_visa", key: "b").status == .succeeded)
        }
    }

    @Test("keeps no answer of a request that was refused before anything was done")
    func refused() async throws {
        try await SimulatorHarness.run { harness async throws in
            #expect(try await post(harness, "amount=x&currency=eur").status == 400)
            #expect(try await post(harness).status == 200)
        }
    }

    @Test("is in use while its first request is under way")
    func concurrent() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"hold":{"count":1}}"#)
            async let first = post(harness)
            #expect(
                try await eventually { try await harness.held == 1 })
            let second = try await post(harness)
            #expect(try second.status == 409 && second.error.code == "idempotency_key_in_use")
            #expect(try await harness.http.post("/sim/release").body == #"{"released":1}"#)
            #expect(try await first.status == 200)
            #expect(try await post(harness).headers["idempotent-replayed"] == "true")
        }
    }

    @Test("of many requests at once lets one through")
    func race() async throws {
        try await SimulatorHarness.run { harness in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await post(harness).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(Set(statuses).isSubset(of: [200, 409]) && statuses.contains(200))
            #expect(try await harness.ledger().captured == ["eur": 500])
        }
    }

    @Test("is forgotten after 24 hours")
    func expiry() async throws {
        let now = Atomic<Int64>(1_700_000_000)
        try await SimulatorHarness.run(clock: { now.load(ordering: .relaxed) }) { harness in
            let first = try await post(harness)
            now.add(24 * 3600 - 1, ordering: .relaxed)
            #expect(try await post(harness).body == first.body)
            now.add(1, ordering: .relaxed)
            #expect(try await post(harness).body != first.body)
        }
    }

    @Test("that is empty or too long is refused", arguments: ["", String(repeating: "k", count: 256)])
    func length(_ key: String) async throws {
        try await SimulatorHarness.run { harness async throws in
            #expect(try await post(harness, key: key).status == 400)
        }
    }
}
