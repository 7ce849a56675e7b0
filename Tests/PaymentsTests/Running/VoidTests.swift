import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Testing

extension Running {
    @Suite("Voiding orders")
    struct VoidTests {
        @Test("an order that nobody paid is void at once, and takes no payment any more; again changes nothing")
        func unpaid() async throws {
            try await Till.run { till in
                let order = till.order()
                let unknown = try await till.void(order)
                #expect(unknown.status == 404)
                #expect(unknown.body["type"]?.string == "urn:flotilla:problem:order-not-found")
                try await till.tell(order, ["ORDER_CREATED"])
                try await till.fleet.until("payments know the order") { try await till.state(of: order) == "open" }
                let first = try await till.void(order)
                #expect(first.body["state"]?.string == "voided")
                #expect(first.body["refundedAmount"] == .number(JSONNumber(text: "0.00")!))
                #expect(try await till.void(order).bytes == first.bytes)
                #expect(try await till.events(of: order) == ["PAYMENT_VOIDED"])
                #expect(
                    try await till.pay(order).body["type"]?.string == "urn:flotilla:problem:order-not-payable")
            }
        }

        @Test("what was captured goes back, and then it is told once, whoever asks how often")
        func paid() async throws {
            try await Till.run(Till.fast) { till in
                let order = till.order()
                let payment = try #require(try await till.pay(order).body["paymentId"]?.string)
                _ = try await till.refund(payment, "9.98")
                try await withThrowingDiscardingTaskGroup { group in
                    for _ in 0..<5 { group.addTask { _ = try await till.void(order) } }
                    group.addTask { try await till.tellCancelled(order) }
                }
                try await voided(till, order)
                #expect(try await till.intent(of: order)?.refunded == 5998)
                #expect(try await till.refunds(of: order).count == 2)
                let answer = try await till.void(order)
                #expect(answer.body["state"]?.string == "voided")
                #expect(answer.body["refundedAmount"] == .number(JSONNumber(text: "59.98")!))
                let told = try await till.fleet.sql("SELECT payload FROM payments.events WHERE type = 'PAYMENT_VOIDED'")
                #expect(told.count == 1)
                let event = try JSONReader.parse(try #require(told.first))
                #expect(event["refundedAmount"] == .number(JSONNumber(text: "59.98")!))
                #expect(event["currency"]?.string == "USD")
            }
        }

        @Test("an intent that waits for its customer is closed first")
        func waiting() async throws {
            try await Till.run(Till.fast) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_authenticationRequired")
                #expect(try await till.void(order).body["state"]?.string == "voiding")
                try await voided(till, order)
                #expect(try await till.intent(of: order)?.status == "canceled")
                #expect(try await till.events(of: order) == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_VOIDED"])
            }
        }

        @Test("a declined payment and one that is under way are both waited for")
        func several() async throws {
            let configure: @Sendable (inout PaymentsSettings) -> Void = {
                Till.fast(&$0)
                $0.maxAttempts = 3
            }
            try await Till.run(configure) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_chargeDeclined")
                try await till.stripe.faults(#"{"hold": {"count": 1, "afterEffect": true}}"#)
                async let answer = till.pay(order)
                try await till.fleet.until("Stripe has charged") {
                    try await till.stripe.ledger().captured == ["usd": 5998]
                }
                #expect(try await till.void(order).body["state"]?.string == "voiding")
                try await till.stripe.release()
                _ = try await answer
                try await voided(till, order)
                #expect(try await till.stripe.ledger().refunded == ["usd": 5998])
                #expect(try await till.events(of: order) == ["PAYMENT_REFUNDED", "PAYMENT_VOIDED"])
            }
        }

        @Test("a refund that failed is tried again by asking again")
        func again() async throws {
            try await Till.run(Till.fast) { till in
                let order = till.order()
                _ = try await till.pay(order)
                try await till.stripe.faults(#"{"failNext": {"status": 400, "path": "/v1/refunds", "method": "POST"}}"#)
                try await till.tellCancelled(order)
                try await till.fleet.until("the refund is refused") {
                    try await till.refunds(of: order) == ["5998 failed"]
                }
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
                #expect(try await till.void(order).body["state"]?.string == "voiding")
                try await voided(till, order)
                #expect(try await till.refunds(of: order) == ["5998 failed", "5998 succeeded"])
            }
        }

        @Test("what the bank has taken back needs no refund; what it returns does")
        func disputed() async throws {
            try await Till.run(webhooks: true, Till.fast) { till in
                let order = till.order()
                _ = try await till.pay(order, "pm_card_createDispute")
                try await till.fleet.until("the dispute is known") {
                    try await till.fleet.sql("SELECT count(*) FROM payments.disputes") == ["1"]
                }
                #expect(try await till.void(order).body["state"]?.string == "voided")
                #expect(try await till.refunds(of: order) == [])
                let dispute = try await till.fleet.sql("SELECT id FROM payments.disputes")[0]
                try await till.stripe.send(
                    "POST", "/v1/disputes/\(dispute)", "evidence[uncategorized_text]=winning_evidence")
                try await till.fleet.until("the money that was won back goes back") {
                    try await till.refunds(of: order) == ["5998 succeeded"]
                }
                #expect(try await till.events(of: order).filter { $0 == "PAYMENT_VOIDED" }.count == 1)
                #expect(
                    try await till.fleet.sql("SELECT refunded, disputed, balance FROM payments.payment_balances")
                        == ["5998|0|0"])
            }
        }

        private func voided(_ till: Till, _ order: String) async throws {
            try await till.fleet.until("the order is void") {
                try await till.events(of: order).last == "PAYMENT_VOIDED"
            }
            #expect(try await till.events(of: order).filter { $0 == "PAYMENT_VOIDED" }.count == 1)
            #expect(try await till.versionsAreGapless())
        }
    }
}
