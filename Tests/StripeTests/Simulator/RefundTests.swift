import Stripe
import Testing

@testable import StripeSimulator

@Suite("A refund")
struct RefundTests {
    private func refund(
        _ harness: SimulatorHarness, _ intent: String, _ amount: Int64? = nil, key: String
    ) async throws -> Refund {
        try await harness.client.createRefund(
            .init(paymentIntent: intent, amount: amount), idempotencyKey: key, deadline: harness.soon)
    }

    @Test("is partial, adds up, and never exceeds what was taken")
    func partial() async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay("pm_card_visa", amount: 1000)
            let first = try await refund(harness, intent.id, 300, key: "r1")
            #expect(first.status == .succeeded && first.amount == 300 && first.id.hasPrefix("re_"))
            #expect(first.paymentIntent == intent.id && first.charge == intent.latestCharge)
            #expect(try await refund(harness, intent.id, 300, key: "r1") == first)
            let tooMuch = await failure(StripeError.self) { _ = try await refund(harness, intent.id, 701, key: "r2") }
            #expect(tooMuch?.kind == .invalidRequest(param: "amount"))
            #expect(try await refund(harness, intent.id, key: "r3").amount == 700)
            let nothingLeft = await failure(StripeError.self) { _ = try await refund(harness, intent.id, key: "r4") }
            #expect(nothingLeft?.code == "charge_already_refunded")
            let ledger = try await harness.ledger()
            #expect(ledger.captured == ["eur": 1000] && ledger.refunded == ["eur": 1000])
            let charge = try await harness.client.retrieveCharge(#require(intent.latestCharge), deadline: harness.soon)
            #expect(charge.refunded && charge.amountRefunded == 1000)
            let page = try await harness.client.listRefunds(paymentIntent: intent.id, deadline: harness.soon)
            #expect(page.elements.map(\.amount) == [700, 300])
            #expect(try await harness.client.retrieveRefund(first.id, deadline: harness.soon) == first)
        }
    }

    @Test("of many at once gives back no more than was taken")
    func race() async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay("pm_card_visa", amount: 1000)
            await withTaskGroup { group in
                for index in 0..<20 {
                    group.addTask { _ = try? await refund(harness, intent.id, 300, key: "r\(index)") }
                }
            }
            #expect(try await harness.ledger().refunded == ["eur": 900])
        }
    }

    @Test("stays pending with a slow bank, then succeeds")
    func pending() async throws {
        try await SimulatorHarness.run(configure: { $0.settlementDelay = .milliseconds(1) }) { harness in
            let intent = try await harness.pay("pm_card_pendingRefund")
            let made = try await refund(harness, intent.id, key: "r")
            #expect(made.status == .pending)
            #expect(
                try await eventually {
                    try await harness.client.retrieveRefund(made.id, deadline: harness.soon).status == .succeeded
                })
        }
    }

    @Test("that the bank returns fails after it had succeeded, and may be made again")
    func failing() async throws {
        try await SimulatorHarness.run(configure: { $0.settlementDelay = .seconds(600) }) { harness in
            let intent = try await harness.pay("pm_card_refundFail")
            let made = try await refund(harness, intent.id, key: "r")
            #expect(made.status == .succeeded)
            _ = try await harness.http.post("/sim/settle")
            let failed = try await harness.client.retrieveRefund(made.id, deadline: harness.soon)
            #expect(failed.status == .failed && failed.failureReason != nil)
            #expect(try await harness.ledger().refunded == [:])
            let types = try await harness.client.listEvents(deadline: harness.soon).elements.map(\.type)
            #expect(types.starts(with: ["refund.failed", "refund.updated", "charge.refunded", "refund.created"]))
            #expect(try await refund(harness, intent.id, key: "r2").status == .succeeded)
        }
    }

    @Test(
        "of what was never taken is refused", arguments: ["pm_card_chargeDeclined", "pm_card_authenticationRequired"])
    func nothingTaken(_ method: String) async throws {
        try await SimulatorHarness.run { harness in
            var id: String?
            do {
                id = try await harness.pay(method).id
            } catch let error as StripeError {
                id = error.paymentIntent?.id
            }
            let error = await failure(StripeError.self) { _ = try await refund(harness, #require(id), key: "r") }
            #expect(error?.httpStatus == 400)
        }
    }

    @Test(
        "that makes no sense is refused",
        arguments: [
            ("payment_intent=pi_x", "payment_intent"), ("charge=ch_x", "charge"), ("", nil),
            ("payment_intent=PI&amount=0", "amount"), ("payment_intent=PI&amount=-5", "amount"),
            ("payment_intent=PI&reason=mood", "reason"), ("payment_intent=PI&color=red", "color"),
        ])
    func nonsense(body: String, param: String?) async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay("pm_card_visa")
            let answer = try await harness.http.post(
                "/v1/refunds",
                body.split(separator: "PI", omittingEmptySubsequences: false).joined(separator: intent.id))
            #expect(try answer.status == 400 && answer.error.param == param)
            #expect(try await harness.ledger().refunded == [:])
        }
    }
}
