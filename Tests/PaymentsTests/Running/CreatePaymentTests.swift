import FleetTesting
import Foundation
import JSON
import Payments
import StripeTesting
import Testing

extension Running {
    @Suite("Creating payments")
    struct CreatePaymentTests {
        @Test("a good card pays the order: one charge, one event, and the reply that the reference names")
        func success() async throws {
            try await Till.run { till in
                let order = till.order()
                let answer = try await till.pay(order)
                #expect(answer.status == 0)
                #expect(answer.body["status"]?.string == "succeeded")
                #expect(answer.body["amount"] == .number(JSONNumber(text: "59.98")!))
                #expect(answer.body["currency"]?.string == "USD")
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
                let intent = try #require(try await till.intent(of: order))
                #expect(intent.captured == 5998)
                #expect(intent.paymentId == answer.body["paymentId"]?.string)
                let event = try await till.fleet.sql("SELECT payload FROM payments.events")
                let payload = try JSONReader.parse(try #require(event.first))
                #expect(payload["orderId"]?.string == order)
                #expect(payload["userId"]?.string == Till.customer)
                #expect(payload["amount"] == .number(JSONNumber(text: "59.98")!))
                #expect(payload["stripePaymentIntentId"]?.string == intent.id)
            }
        }

        @Test(
            "a declined card answers 402 with the bank's reason, again under the same key, and gives the order up once")
        func decline() async throws {
            try await Till.run { till in
                let order = till.order()
                let first = try await till.pay(order, "pm_card_chargeDeclinedInsufficientFunds", key: "k1")
                #expect(first.status == 402)
                #expect(first.body["type"]?.string == "urn:flotilla:problem:payment-declined")
                #expect(first.body["declineCode"]?.string == "insufficient_funds")
                let second = try await till.pay(order, "pm_card_chargeDeclinedInsufficientFunds", key: "k1")
                #expect(second.status == 402)
                #expect(second.bytes == first.bytes)
                #expect([first.reason, second.reason] == ["Payment declined", "Payment declined"])
                #expect(try await till.events(of: order) == ["PAYMENT_FAILED"])
                let other = try await till.pay(order)
                #expect(other.status == 409)
                #expect(other.body["type"]?.string == "urn:flotilla:problem:order-not-payable")
                #expect(try await till.stripe.ledger().captured.isEmpty)
            }
        }

        @Test("with two attempts a declined order can be paid by another card")
        func secondAttempt() async throws {
            try await Till.run({ $0.maxAttempts = 2 }) { till in
                let order = till.order()
                let declined = try await till.pay(order, "pm_card_chargeDeclined")
                #expect(declined.status == 402)
                #expect(try await till.events(of: order) == [])
                #expect(try await till.pay(order).status == 0)
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
                #expect(try await till.statuses(of: order) == ["failed", "succeeded"])
                let lost = till.order()
                #expect(try await till.pay(lost, "pm_card_chargeDeclined").status == 402)
                #expect(try await till.pay(lost, "pm_card_chargeDeclined").status == 402)
                #expect(try await till.events(of: lost) == ["PAYMENT_FAILED"])
            }
        }

        @Test("the same key gives the same bytes, another body under it is refused, and Stripe charges once")
        func replay() async throws {
            try await Till.run { till in
                let order = till.order()
                let first = try await till.pay(order, key: "once")
                #expect(first.status == 0)
                #expect(try await till.pay(order, key: "once").bytes == first.bytes)
                let changed = try await till.pay(order, "pm_card_mastercard", key: "once")
                #expect(changed.status == 422)
                #expect(changed.body["type"]?.string == "urn:flotilla:problem:idempotency-key-reused")
                let elsewhere = try await till.pay(till.order(), key: "once")
                #expect(elsewhere.status == 422)
                #expect(
                    try await till.pay(order, key: "twice").body["type"]?.string == "urn:flotilla:problem:already-paid")
                #expect(try await till.stripe.ledger().captured == ["usd": 5998])
            }
        }

        @Test("twenty requests at once for one order charge once")
        func oneOfMany() async throws {
            try await Till.run { till in
                let order = till.order()
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<20 { group.addTask { try await till.pay(order).status } }
                    return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
                }
                #expect(statuses == [0: 1, 409: 19])
                let ledger = try await till.stripe.ledger()
                #expect(ledger.captured == ["usd": 5998])
                #expect(ledger.intents.count == 1)
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
            }
        }

        @Test("ten requests at once under one key charge once, and whoever gets a success gets the same one")
        func oneKey() async throws {
            try await Till.run { till in
                let order = till.order()
                try await till.stripe.faults(#"{"latencyMs": 50}"#)
                let answers = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                    for _ in 0..<10 { group.addTask { try await till.pay(order, key: "same") } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(Set(answers.filter { $0.status == 0 }.map(\.bytes)).count == 1)
                #expect(answers.allSatisfy { [0, 409, 503].contains($0.status) })
                #expect(try await till.stripe.ledger().captured == ["usd": 5998])
                #expect(try await till.events(of: order) == ["PAYMENT_CONFIRMED"])
            }
        }

        @Test("what does not pay the order is refused, and nothing is written")
        func refusals() async throws {
            let cases: [(amount: String, currency: String, status: String, code: Int, type: String)] = [
                ("59.97", "usd", "pending", 422, "amount-mismatch"),
                ("59.98", "eur", "pending", 422, "amount-mismatch"),
                ("59.98", "usd", "confirmed", 409, "already-paid"), ("59.98", "usd", "shipped", 409, "already-paid"),
                ("59.98", "usd", "cancelled", 409, "order-not-payable"), ("0", "usd", "pending", 400, "validation"),
                ("-59.98", "usd", "pending", 400, "validation"), ("59.985", "usd", "pending", 400, "validation"),
                ("1e30", "usd", "pending", 400, "validation"), ("\"x\"", "usd", "pending", 400, "validation"),
                ("59.98", "zzz", "pending", 400, "validation"), ("59,98", "usd", "pending", 400, "malformed-json"),
            ]
            try await Till.run { till in
                for (amount, currency, status, code, type) in cases {
                    let order = till.order(.init(status: status))
                    let answer = try await till.pay(order, amount: amount, currency: currency)
                    #expect(answer.status == code, "\(amount) \(currency) \(status)")
                    #expect(
                        answer.body["type"]?.string == "urn:flotilla:problem:\(type)", "\(amount) \(currency) \(status)"
                    )
                }
                #expect(try await till.fleet.sql("SELECT count(*) FROM payments.payments") == ["0"])
                #expect(try await till.stripe.ledger().intents.isEmpty)
            }
        }

        @Test("the mismatch names both amounts")
        func mismatch() async throws {
            try await Till.run { till in
                let answer = try await till.pay(till.order(), amount: "10")
                #expect(answer.body["detail"]?.string?.contains("59.98 USD") == true)
                #expect(answer.body["expectedAmount"] == .number(JSONNumber(text: "59.98")!))
                #expect(answer.body["amount"] == .number(JSONNumber(text: "10.00")!))
            }
        }

        @Test("an amount that Stripe does not charge is refused before Stripe hears of it")
        func tooSmall() async throws {
            try await Till.run { till in
                let answer = try await till.pay(till.order(.init(total: "0.10")), amount: "0.10")
                #expect(answer.status == 422)
                #expect(answer.body["type"]?.string == "urn:flotilla:problem:amount-not-chargeable")
                #expect(try await till.fleet.sql("SELECT count(*) FROM payments.payments") == ["0"])
            }
        }

        @Test("somebody else's order is not there, and neither is one that nobody has")
        func foreign() async throws {
            try await Till.run { till in
                let order = till.order()
                let stranger = try await till.pay(order, actor: "customer:\(Till.stranger)")
                #expect(stranger.status == 404)
                #expect(stranger.body["type"]?.string == "urn:flotilla:problem:order-not-found")
                #expect(try await till.pay(UUID().uuidString).status == 404)
                #expect(try await till.pay(order, actor: "anonymous").status == 401)
                #expect(try await till.fleet.sql("SELECT count(*) FROM payments.order_accounts") == ["0"])
                #expect(try await till.pay(order, actor: nil).status == 0)
            }
        }

        @Test("a payment method that Stripe does not know is the caller's fault, and the order can still be paid")
        func unknownMethod() async throws {
            try await Till.run { till in
                let order = till.order()
                let answer = try await till.pay(order, "pm_nonsense")
                #expect(answer.status == 400)
                #expect(answer.body["errors"]?[0]?["pointer"]?.string == "/paymentMethodId")
                #expect(try await till.events(of: order) == [])
                #expect(try await till.pay(order).status == 0)
                #expect(try await till.statuses(of: order) == ["failed", "succeeded"])
            }
        }

        @Test("a payment is read by its owner and by staff, and is not there for anybody else")
        func get() async throws {
            try await Till.run { till in
                let order = till.order()
                let id = try #require(try await till.pay(order).body["paymentId"]?.string)
                let body = #"{"id": "\#(id)"}"#
                let mine = try await till.fleet.call("payments.get", body, actor: "customer:\(Till.customer)")
                #expect(mine.body["status"]?.string == "succeeded")
                #expect(mine.body["orderId"]?.string == order)
                #expect(mine.body["amount"] == .number(JSONNumber(text: "59.98")!))
                #expect(mine.body["refundedAmount"] == .number(JSONNumber(text: "0.00")!))
                let staff = try await till.fleet.call("payments.get", body, actor: "staff:\(Till.stranger)")
                #expect(staff.bytes == mine.bytes)
                let stranger = try await till.fleet.call("payments.get", body, actor: "customer:\(Till.stranger)")
                #expect(stranger.status == 404)
                #expect(stranger.body["type"]?.string == "urn:flotilla:problem:payment-not-found")
            }
        }
    }
}
