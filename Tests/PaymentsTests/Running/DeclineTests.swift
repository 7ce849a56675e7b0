import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Testing

extension Running {
    @Suite("Declined payments")
    struct DeclineTests {
        @Test(
            "PAYMENT_FAILED comes with the configured number of declines; every attempt is recorded", arguments: [1, 3])
        func limit(_ attempts: Int) async throws {
            try await Till.run({ $0.maxAttempts = attempts }) { till in
                let order = till.order()
                for attempt in 1...attempts {
                    #expect(try await till.events(of: order) == [])
                    #expect(try await till.pay(order, "pm_card_chargeDeclinedInsufficientFunds").status == 402)
                    #expect(try await till.state(of: order) == (attempt < attempts ? "open" : "failed"))
                }
                #expect(try await till.events(of: order) == ["PAYMENT_FAILED"])
                let refused = try await till.pay(order)
                #expect(refused.body["type"]?.string == "urn:flotilla:problem:order-not-payable")
                let recorded = try await till.fleet.sql(
                    """
                    SELECT p.attempt, t.status, t.error_code, t.provider_response->>'declineCode'
                    FROM payments.payment_attempts t JOIN payments.payments p ON p.id = t.payment_id ORDER BY p.attempt
                    """)
                #expect(recorded == (1...attempts).map { "\($0)|failed|card_declined|insufficient_funds" })
                #expect(try await till.stripe.ledger().captured.isEmpty)
            }
        }

        @Test("a card that works within the limit pays the order")
        func recovered() async throws {
            try await Till.run({ $0.maxAttempts = 3 }) { till in
                let order = till.order()
                for _ in 0..<2 { _ = try await till.pay(order, "pm_card_chargeDeclined") }
                #expect(try await till.pay(order).status == 0)
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
                #expect(try await till.statuses(of: order) == ["failed", "failed", "succeeded"])
            }
        }
    }
}
