import FleetTesting
import Foundation
import StripeTesting
import Testing
import Worker

@testable import Payments

extension Running {
    @Suite("The timeline of payments")
    struct TimelineTests {
        @Test("shows attempts, calls, webhooks, refunds, disputes and the ledger of one order, in order")
        func everything() async throws {
            try await Till.run(webhooks: true, { $0.sweepEvery = .milliseconds(50) }) { till in
                try await till.stripe.faults(
                    #"{"failNext": {"drop": true, "afterEffect": true, "path": "/v1/payment_intents"}}"#)
                let order = till.order()
                #expect(try await till.pay(order, key: "k").status == 503)
                #expect(try await till.pay(order, key: "k").status == 0)
                _ = try await till.pay(till.order())
                try await till.tellCancelled(order)
                try await till.fleet.until("the order is void") {
                    try await till.events(of: order).last == "PAYMENT_VOIDED"
                }
                try await till.fleet.until("its webhooks are handled") {
                    try await lines(till, order).filter { $0.hasPrefix("webhook|") }.count >= 3
                }
                let shown = try await lines(till, order)
                #expect(shown.first == "attempt|succeeded" || shown.first == "payment|begun")
                for expected in [
                    "payment|begun", "attempt|succeeded", "call|create|connection_error", "call|create|succeeded",
                    "payment|refunded", "refund|begun", "call|refund|succeeded", "refund|succeeded",
                    "webhook|payment_intent.succeeded", "webhook|refund.created", "ledger|stripe_balance",
                    "ledger|revenue", "ledger|refunds",
                ] {
                    #expect(shown.contains(expected), "\(expected) is not in \(shown)")
                }
                #expect(shown.filter { $0 == "payment|begun" }.count == 1)
            }
        }

        private func lines(_ till: Till, _ order: String) async throws -> [String] {
            let query = PaymentTimeline.query(of: try #require(UUID(uuidString: order)))
            let sql = "\(query.statement)".replacing("$1", with: "'\(order)'")
            return try await till.fleet.sql(
                """
                SET search_path = payments;
                SELECT kind || '|' || name || CASE WHEN kind = 'call' THEN '|' || (detail->>'outcome') ELSE '' END
                FROM (\(sql)) AS timeline
                """)
        }
    }
}
