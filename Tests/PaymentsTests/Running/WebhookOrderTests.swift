import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Synchronization
import Testing
import Worker

extension Running {
    /// Whole flows at Stripe, whose webhooks then come in many orders, twice, late, and with or without the answer that the
    /// request itself got.
    @Suite("The order of webhooks")
    struct WebhookOrderTests {
        struct Flow: Sendable, CustomTestStringConvertible {
            let name: String
            let method: String
            var atStripe: @Sendable (StripeSide, _ intent: String) async throws -> Void = { _, _ in }
            /// What the books hold at the end.
            let books: String
            var testDescription: String { name }
        }

        static let flows = [
            Flow(
                name: "success", method: "pm_card_visa",
                books: "succeeded - paid 0; refunds -; disputes -; 5998 - 0 - 0 = 5998"),
            Flow(
                name: "decline", method: "pm_card_chargeDeclined",
                books: "failed card_declined failed 1; refunds -; disputes -; 0 - 0 - 0 = 0"),
            Flow(
                name: "3-D Secure, completed", method: "pm_card_authenticationRequired",
                atStripe: { try await $0.authenticate($1) },
                books: "succeeded - paid 0; refunds -; disputes -; 5998 - 0 - 0 = 5998"),
            Flow(
                name: "3-D Secure, failed", method: "pm_card_authenticationRequired",
                atStripe: { try await $0.authenticate($1, "fail") },
                books: "failed payment_intent_authentication_failure failed 1; refunds -; disputes -; 0 - 0 - 0 = 0"),
            Flow(
                name: "declined after 3-D Secure, then paid with another card",
                method: "pm_card_threeDSecureRequiredChargeDeclined",
                atStripe: {
                    try await $0.authenticate($1)
                    try await $0.send(
                        "POST", "/v1/payment_intents/\($1)/confirm", "payment_method=pm_card_visa")
                }, books: "succeeded - paid 0; refunds -; disputes -; 5998 - 0 - 0 = 5998"),
            Flow(
                name: "slow bank", method: "pm_usBankAccount_success",
                atStripe: { stripe, _ in try await stripe.settle() },
                books: "succeeded - paid 0; refunds -; disputes -; 5998 - 0 - 0 = 5998"),
            Flow(
                name: "refund, in two parts", method: "pm_card_visa",
                atStripe: {
                    try await $0.send("POST", "/v1/refunds", "payment_intent=\($1)&amount=2000")
                    try await $0.send("POST", "/v1/refunds", "payment_intent=\($1)")
                }, books: "refunded - paid 0; refunds 2000 succeeded, 3998 succeeded; disputes -; 5998 - 5998 - 0 = 0"),
            Flow(
                name: "slow refund", method: "pm_card_pendingRefund",
                atStripe: {
                    try await $0.send("POST", "/v1/refunds", "payment_intent=\($1)")
                    try await $0.settle()
                }, books: "refunded - paid 0; refunds 5998 succeeded; disputes -; 5998 - 5998 - 0 = 0"),
            Flow(
                name: "refund that the bank returns", method: "pm_card_refundFail",
                atStripe: {
                    try await $0.send("POST", "/v1/refunds", "payment_intent=\($1)")
                    try await $0.settle()
                }, books: "succeeded - paid 0; refunds 5998 failed; disputes -; 5998 - 0 - 0 = 5998"),
            Flow(
                name: "dispute, won", method: "pm_card_createDispute",
                atStripe: { try await $0.decideDispute(of: $1, "winning_evidence") },
                books: "succeeded - paid 0; refunds -; disputes 5998 won; 5998 - 0 - 0 = 5998"),
            Flow(
                name: "dispute, lost", method: "pm_card_createDispute",
                atStripe: { try await $0.decideDispute(of: $1, "losing_evidence") },
                books: "succeeded - paid 0; refunds -; disputes 5998 lost; 5998 - 0 - 5998 = 0"),
        ]

        @Test("whatever the order, twice and an hour late, the books end the same", arguments: flows)
        func permuted(_ flow: Flow) async throws {
            let clock = Mutex<Int64>(0)
            let configure: @Sendable (inout PaymentsSettings) -> Void = {
                // What a failed authentication leaves to be closed is closed by the sweep, and nothing else is.
                $0.sweepEvery = .milliseconds(200)
                $0.checkAfter = .seconds(3_600)
                $0.actionCheckAfter = .seconds(3_600)
                $0.longestCheckPause = .seconds(3_600)
                $0.clock = { Timestamp.now() + .seconds(clock.withLock { $0 }) }
            }
            try await Till.run(configure) { till in
                for round in 0..<8 {
                    let order = till.order()
                    if round % 2 == 1 {
                        try await till.stripe.faults(
                            #"{"failNext": {"drop": true, "afterEffect": true, "path": "/v1/payment_intents"}}"#)
                    }
                    _ = try await till.pay(order, flow.method)
                    let intent = try #require(try await till.intent(of: order)).id
                    try await flow.atStripe(till.stripe, intent)
                    let events = Self.order(try await till.stripe.events(about: intent), round)
                    // The last rounds come an hour late.
                    clock.withLock { $0 = round >= 6 ? 3_600 : 0 }
                    let now = Int64(Date().timeIntervalSince1970) + clock.withLock { $0 }
                    for event in events {
                        #expect(try await till.webhook(event.body, signature: event.signature(now: now)) == 200)
                        try await handled(till)
                    }
                    if round >= 6, let first = events.first {
                        // An hour later the signature of then is not good any more.
                        #expect(try await till.webhook(first.body, signature: first.signature(now: now - 3_600)) == 400)
                    }
                    for event in events {
                        #expect(try await till.webhook(event.body, signature: event.signature(now: now)) == 200)
                    }
                    try await handled(till)
                    try await till.fleet.until("the books of \(flow.name), round \(round), are \(flow.books)") {
                        try await books(till, order) == flow.books
                    }
                    let told = try await till.events(of: order)
                    #expect(told.filter { $0 == "PAYMENT_CONFIRMED" || $0 == "PAYMENT_FAILED" }.count == 1)
                }
                let counted = try await till.fleet.sql(
                    "SELECT min(deliveries), max(deliveries) FROM payments.webhook_events")
                #expect(counted == ["2|2"])
                #expect(try await till.versionsAreGapless())
            }
        }

        /// As they happened, in reverse, and shuffled in ways that are the same in every run.
        private static func order(_ events: [StripeSide.Delivery], _ round: Int) -> [StripeSide.Delivery] {
            switch round {
            case 0, 1: return events
            case 2, 3, 6: return events.reversed()
            default:
                var random = SplitMix(state: UInt64(round))
                return events.shuffled(using: &random)
            }
        }

        private struct SplitMix: RandomNumberGenerator {
            var state: UInt64
            mutating func next() -> UInt64 {
                state &+= 0x9E37_79B9_7F4A_7C15
                var z = state
                z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                return z ^ (z >> 31)
            }
        }

        private func handled(_ till: Till) async throws {
            var left: [String] = []
            do {
                try await till.fleet.until("all webhooks are handled") {
                    left = try await till.fleet.sql(
                        "SELECT type, attempts, error FROM payments.webhook_events WHERE handled_at IS NULL")
                    return left.isEmpty
                }
            } catch { Issue.record("\(error): \(left)") }
        }

        private func books(_ till: Till, _ order: String) async throws -> String? {
            try await till.fleet.sql(
                """
                SET search_path = payments;
                SELECT concat(
                    p.status, ' ', coalesce(p.failure_code, '-'), ' ', a.state, ' ', a.failures,
                    '; refunds ', coalesce((SELECT string_agg(r.amount || ' ' || r.status, ', ' ORDER BY r.amount)
                                            FROM refunds r WHERE r.payment_id = p.id), '-'),
                    '; disputes ', coalesce((SELECT string_agg(d.amount || ' ' || d.status, ', ')
                                             FROM disputes d WHERE d.payment_id = p.id), '-'),
                    '; ', coalesce(b.captured, 0), ' - ', coalesce(b.refunded, 0), ' - ', coalesce(b.disputed, 0),
                    ' = ', coalesce(b.balance, 0))
                FROM payments p JOIN order_accounts a ON a.order_id = p.order_id
                LEFT JOIN payment_balances b ON b.payment_id = p.id
                WHERE p.order_id = '\(order)' AND NOT p.cancel_wanted
                """
            ).first
        }
    }
}

extension StripeSide {
    fileprivate func settle() async throws { try await send("POST", "/sim/settle", "{}", type: "application/json") }

    fileprivate func decideDispute(of intent: String, _ evidence: String) async throws {
        let list = try JSONReader.parse(Array(try await send("GET", "/v1/disputes?payment_intent=\(intent)").utf8))
        let id = list["data"]?.array?.first?["id"]?.string ?? ""
        try await send("POST", "/v1/disputes/\(id)", "evidence[uncategorized_text]=\(evidence)&submit=true")
    }
}
