import Stripe
import Testing

@testable import StripeSimulator

@Suite("A dispute")
struct DisputeTests {
    private struct Listed: Decodable {
        struct Dispute: Decodable {
            var id: String
            var status: String
        }
        var data: [Dispute]
    }

    private struct Events: Decodable {
        struct Event: Decodable { var type: String }
        var data: [Event]
    }

    @Test(
        "is won or lost by evidence, and told by events",
        arguments: [("winning_evidence", "won"), ("losing_evidence", "lost")])
    func verdict(_ evidence: String, _ verdict: String) async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay("pm_card_createDispute")
            let listed: Listed = try await harness.http.get("/v1/disputes?payment_intent=\(intent.id)")
            let dispute = try #require(listed.data.first)
            #expect(dispute.status == "needs_response")
            let refused = await failure(StripeError.self) {
                _ = try await harness.client.createRefund(
                    .init(paymentIntent: intent.id), idempotencyKey: "r", deadline: harness.soon)
            }
            #expect(refused?.code == "charge_disputed")
            let decided = try await harness.http.post(
                "/v1/disputes/\(dispute.id)", "evidence[uncategorized_text]=\(evidence)")
            #expect(decided.status == 200 && decided.body.contains("\"status\":\"\(verdict)\""))
            let again = try await harness.http.post("/v1/disputes/\(dispute.id)/close", "")
            #expect(again.status == 400)
            let events: Events = try await harness.http.get("/v1/events?limit=100")
            let told = events.data.map(\.type).filter { $0.hasPrefix("charge.dispute") }
            #expect(
                told.reversed() == [
                    "charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.updated",
                ]
                    + (verdict == "won" ? ["charge.dispute.funds_reinstated"] : []) + ["charge.dispute.closed"])
        }
    }
}
