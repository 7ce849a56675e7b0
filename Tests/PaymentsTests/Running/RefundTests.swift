import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Testing

extension Running {
    @Suite("Refunds by staff")
    struct RefundTests {
        static func fast(_ settings: inout PaymentsSettings) { settings.sweepEvery = .milliseconds(50) }

        @Test("a part and then the rest: replayed under its key, told, listed, and never more than was paid")
        func parts() async throws {
            try await Till.run(Self.fast) { till in
                let order = till.order()
                let payment = try #require(try await till.pay(order).body["paymentId"]?.string)
                let part = try await till.refund(payment, "20", key: "part")
                #expect(part.status == 0)
                #expect(part.body["status"]?.string == "pending")
                #expect(part.body["amount"] == .number(JSONNumber(text: "20.00")!))
                #expect(part.body["reason"]?.string == "requested_by_customer")
                #expect(try await till.refund(payment, "20", key: "part").bytes == part.bytes)
                #expect(try await till.refund(payment, "21", key: "part").status == 422)

                let tooMuch = try await till.refund(payment, "39.99")
                #expect(tooMuch.status == 422)
                #expect(tooMuch.body["type"]?.string == "urn:flotilla:problem:refund-too-large")
                #expect(tooMuch.body["remainingAmount"] == .number(JSONNumber(text: "39.98")!))

                let rest = try await till.refund(payment)
                #expect(rest.body["amount"] == .number(JSONNumber(text: "39.98")!))
                let again = try await till.refund(payment)
                #expect(again.status == 409)
                #expect(again.body["type"]?.string == "urn:flotilla:problem:already-refunded")
                try await till.fleet.until("all has gone back") { try await till.statuses(of: order) == ["refunded"] }
                #expect(
                    try await till.events(of: order) == ["PAYMENT_CONFIRMED", "PAYMENT_REFUNDED", "PAYMENT_REFUNDED"])
                #expect(try await till.intent(of: order)?.refunded == 5998)
                #expect(try await till.refunds(of: order) == ["2000 succeeded", "3998 succeeded"])

                let first = try await list(till, payment, #", "limit": 1"#)
                #expect(first["refunds"]?.array?.first?["id"] == part.body["id"])
                #expect(first["refunds"]?.array?.first?["status"]?.string == "succeeded")
                #expect(first["refunds"]?.array?.first?["createdAt"] == part.body["createdAt"])
                let next = try #require(first["next"]?.string)
                let second = try await list(till, payment, #", "limit": 1, "after": "\#(next)""#)
                #expect(second["refunds"]?.array?.map { $0["id"] } == [rest.body["id"]])
                #expect(second["next"] == nil)
            }
        }

        @Test("many at once give back no more than was paid")
        func race() async throws {
            try await Till.run(Self.fast) { till in
                let order = till.order()
                let payment = try #require(try await till.pay(order).body["paymentId"]?.string)
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<10 { group.addTask { try await till.refund(payment, "10").status } }
                    return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
                }
                #expect(statuses == [0: 5, 422: 5])
                try await till.fleet.until("they have gone back") { try await till.intent(of: order)?.refunded == 5000 }
                #expect(try await till.statuses(of: order) == ["succeeded"])
            }
        }

        @Test("what cannot be given back is refused with a reason of its own, and nothing is written")
        func refusals() async throws {
            try await Till.run(webhooks: true) { till in
                let declined = try await till.pay(till.order(), "pm_card_chargeDeclined").body["paymentId"]?.string
                let waiting = try await till.pay(till.order(), "pm_card_authenticationRequired").body["paymentId"]?
                    .string
                let paid = try #require(try await till.pay(till.order()).body["paymentId"]?.string)
                let disputed = try #require(
                    try await till.pay(till.order(), "pm_card_createDispute").body["paymentId"]?.string)
                try await till.fleet.until("the dispute is known") {
                    try await till.fleet.sql("SELECT count(*) FROM payments.disputes") == ["1"]
                }
                let customer = "customer:\(Till.customer)"
                let staff = "staff:\(Till.stranger)"
                let cases:
                    [(payment: String?, amount: String?, key: String?, actor: String, status: Int, type: String)] = [
                        (UUIDv7.next().text, nil, "a", staff, 404, "payment-not-found"),
                        (declined, nil, "b", staff, 409, "payment-not-refundable"),
                        (waiting, nil, "c", staff, 409, "payment-not-refundable"),
                        (disputed, nil, "d", staff, 409, "payment-disputed"),
                        (paid, "60", "e", staff, 422, "refund-too-large"),
                        (paid, "1.001", "f", staff, 422, "amount-not-refundable"),
                        (paid, "0", "g", staff, 400, "validation"),
                        (paid, nil, nil, staff, 400, "idempotency-key-missing"),
                        (paid, nil, "h", customer, 403, "forbidden"),
                    ]
                for (payment, amount, key, actor, status, type) in cases {
                    let answer = try await till.refund(try #require(payment), amount, key: key, actor: actor)
                    #expect(answer.status == status, "\(type)")
                    #expect(answer.body["type"]?.string == "urn:flotilla:problem:\(type)")
                }
                #expect(try await till.fleet.sql("SELECT count(*) FROM payments.refunds") == ["0"])
            }
        }

        @Test("a lost answer, a 500 and a 429 of Stripe give the money back once")
        func lostAnswers() async throws {
            try await Till.run(Self.fast) { till in
                for fault in [
                    #"{"drop": true, "afterEffect": true, "path": "/v1/refunds"}"#,
                    #"{"status": 500, "afterEffect": true, "recorded": false, "path": "/v1/refunds"}"#,
                    #"{"status": 429, "path": "/v1/refunds"}"#,
                ] {
                    let order = till.order()
                    let payment = try #require(try await till.pay(order).body["paymentId"]?.string)
                    try await till.stripe.faults(#"{"failNext": \#(fault)}"#)
                    #expect(try await till.refund(payment, "20").status == 0)
                    try await till.fleet.until("it has gone back: \(fault)") {
                        try await till.refunds(of: order) == ["2000 succeeded"]
                    }
                    #expect(try await till.intent(of: order)?.refunded == 2000)
                }
            }
        }

        @Test("a refund that succeeds and is returned by the bank is shown as failed; ledger and payment follow")
        func flipped() async throws {
            try await Till.run(webhooks: true, Self.fast) { till in
                let order = till.order()
                let payment = try #require(try await till.pay(order, "pm_card_refundFail").body["paymentId"]?.string)
                _ = try await till.refund(payment)
                try await till.fleet.until("the bank has returned it") {
                    try await till.refunds(of: order) == ["5998 failed"]
                }
                let shown = try await list(till, payment)["refunds"]?.array?.first
                #expect(shown?["status"]?.string == "failed")
                #expect(shown?["failureReason"]?.string == "expired_or_canceled_card")
                #expect(try await till.statuses(of: order) == ["succeeded"])
                #expect(
                    try await till.fleet.sql("SELECT captured, refunded, balance FROM payments.payment_balances")
                        == ["5998|0|5998"])
                let accounts = try await till.fleet.sql(
                    """
                    SELECT account, string_agg(amount::text, ' ' ORDER BY id) FROM payments.ledger_entries
                    GROUP BY account ORDER BY account
                    """)
                #expect(accounts == ["refunds|5998 -5998", "revenue|-5998", "stripe_balance|5998 -5998 5998"])
            }
        }

        @Test("refunds are listed for owner and staff, and for nobody else")
        func access() async throws {
            try await Till.run { till in
                let payment = try #require(try await till.pay(till.order()).body["paymentId"]?.string)
                #expect(try await list(till, payment, actor: "customer:\(Till.customer)")["refunds"]?.array == [])
                for (id, actor) in [
                    (payment, "customer:\(Till.stranger)"), (UUIDv7.next().text, "staff:\(Till.stranger)"),
                ] {
                    let refused = try await till.fleet.call("payments.refunds", #"{"id": "\#(id)"}"#, actor: actor)
                    #expect(refused.status == 404)
                    #expect(refused.body["type"]?.string == "urn:flotilla:problem:payment-not-found")
                }
            }
        }

        private func list(
            _ till: Till, _ payment: String, _ more: String = "", actor: String = "staff:\(Till.stranger)"
        ) async throws -> JSONValue {
            try await till.fleet.call("payments.refunds", #"{"id": "\#(payment)"\#(more)}"#, actor: actor).body
        }
    }
}
