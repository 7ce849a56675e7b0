import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Testing

extension Running {
    @Suite("The ledger")
    struct LedgerTests {
        private static let prefix = "SET search_path = payments; "

        @Test("what does not sum to zero is refused by the database, and nobody changes what is written")
        func balance() async throws {
            try await Till.run { till in
                _ = try await till.pay(till.order())
                let payment = try await till.fleet.sql("SELECT id FROM payments.payments")[0]
                let insert =
                    "INSERT INTO ledger_entries (transaction_id, account, amount, currency, payment_id) VALUES "
                let id = UUID().uuidString
                for rows in [
                    "('\(id)', 'revenue', -1, 'USD', '\(payment)')",
                    "('\(id)', 'revenue', -1, 'USD', '\(payment)'), ('\(id)', 'fees', 1, 'EUR', '\(payment)')",
                ] {
                    await #expect(throws: (any Error).self) { try await till.fleet.sql(Self.prefix + insert + rows) }
                }
                for change in ["UPDATE ledger_entries SET amount = 1", "DELETE FROM ledger_entries"] {
                    await #expect(throws: (any Error).self) {
                        try await till.fleet.sql("\(Self.prefix) SET ROLE payments; \(change)")
                    }
                }
                #expect(
                    try await till.fleet.sql("SELECT account, amount FROM payments.ledger_entries ORDER BY id")
                        == ["stripe_balance|5998", "revenue|-5998"])
            }
        }

        @Test("books that say something else are found out")
        func discrepancy() async throws {
            try await Till.run { till in
                _ = try await till.pay(till.order())
                let change = "SET session_replication_role = replica; UPDATE payments.payments SET amount = amount "
                _ = try await till.fleet.sql(change + "+ 1")
                #expect(
                    try await till.fleet.sql("SELECT name, in_books, in_ledger FROM payments.ledger_discrepancies")
                        == ["captured|5999|5998"])
                _ = try await till.fleet.sql(change + "- 1")
            }
        }

        @Test("a hundred payments, refunds and disputes: ledger, books and Stripe agree to the cent")
        func many() async throws {
            try await Till.run(webhooks: true, { $0.sweepEvery = .milliseconds(50) }) { till in
                let methods = [
                    "pm_card_visa", "pm_card_chargeDeclined", "pm_card_createDispute", "pm_card_visa",
                    "pm_card_refundFail", "pm_card_pendingRefund",
                ]
                try await withThrowingDiscardingTaskGroup { group in
                    for index in 0..<100 {
                        group.addTask {
                            let order = till.order()
                            let paid = try await till.pay(order, methods[index % methods.count])
                            guard paid.status == 0, let payment = paid.body["paymentId"]?.string else { return }
                            for amount in [3, 5, 60].prefix(index % 4) {
                                _ = try await till.refund(payment, "\(amount)")
                            }
                            if index % 7 == 0 { try await till.tellCancelled(order) }
                        }
                    }
                }
                try await till.stripe.send("POST", "/sim/settle", "{}", type: "application/json")
                try await till.fleet.until("the books are Stripe's", within: .seconds(40)) {
                    let stripe = try await till.stripe.ledger()
                    let books = try await till.fleet.sql(
                        """
                        SELECT sum(captured), sum(refunded) FROM payments.payment_balances
                        WHERE (SELECT count(*) FROM payments.refunds WHERE status = 'pending') = 0
                        """)
                    return books == ["\(stripe.captured["usd"] ?? 0)|\(stripe.refunded["usd"] ?? 0)"]
                }
                #expect(
                    try await till.fleet.sql(
                        "SELECT sum(amount) = 0, count(*) > 100 FROM payments.ledger_entries") == ["t|t"])
                #expect(try await till.versionsAreGapless())
            }
        }
    }
}
