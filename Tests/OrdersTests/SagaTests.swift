import FleetTesting
import Foundation
import JSON
import NATS
import Orders
import Synchronization
import Testing

@Suite("The saga of an order")
struct SagaTests {
    /// Participants are called soon.
    private var impatient: OrdersSettings {
        var settings = OrdersSettings()
        settings.stepLimit = .milliseconds(100)
        return settings
    }

    @Test("a paid order is confirming until its stock is committed, then completed")
    func completes() async throws {
        try await Shop.run { shop in
            let id = try await shop.order()
            #expect(try await shop.saga(id)["state"]?.string == "awaiting-payment")
            #expect(try await shop.step("await-payment", id)?["state"]?.string == "outstanding")
            try await shop.tell("PAYMENT_CONFIRMED", id)
            try await shop.fleet.until("it is completed") {
                try await shop.saga(id)["state"]?.string == "completed"
            }
            let step = try await shop.step("commit-stock", id)
            #expect(step?["doneBy"]?.string == "event" && step?["attempts"]?.int64 == 0)
            #expect(try await shop.step("await-payment", id)?["state"]?.string == "done")
            #expect(try await shop.stock() == "999/0/1")
        }
    }

    @Test("a cancelled order is compensating until its stock is released and its payment voided")
    func compensates() async throws {
        try await Shop.run { shop in
            let id = try await shop.order()
            #expect(try await shop.ask("orders.cancel", id).status == 0)
            try await shop.fleet.until("the stock is released") {
                try await shop.step("release-stock", id)?["state"]?.string == "done"
            }
            #expect(try await shop.saga(id)["state"]?.string == "compensating")
            #expect(try await shop.step("void-payment", id)?["state"]?.string == "outstanding")
            try await shop.tell("PAYMENT_VOIDED", id)
            try await shop.fleet.until("it is compensated") {
                try await shop.saga(id)["state"]?.string == "compensated"
            }
            #expect(try await shop.stock() == "1000/0/0")
        }
    }

    @Test("a participant whose events do not come is called until it has done its part")
    func calls() async throws {
        try await Shop.run(settings: impatient) { shop in
            let calls = Counter()
            // Answers "not yet" twice, then that it is done.
            _ = try await shop.fleet.client.subscribe("payments.void", queue: "q") { message in
                let state = calls.next() < 3 ? "voiding" : "voided"
                try? shop.fleet.client.respond(
                    to: message,
                    body: Array(#"{"orderId": "x", "state": "\#(state)", "refundedAmount": 0, "currency": "USD"}"#.utf8)
                )
            }
            let id = try await shop.order()
            #expect(try await shop.ask("orders.cancel", id).status == 0)
            try await shop.fleet.until("it is compensated") {
                try await shop.saga(id)["state"]?.string == "compensated"
            }
            let step = try await shop.step("void-payment", id)
            #expect(step?["doneBy"]?.string == "call" && step?["attempts"]?.int64 == 3)
            #expect(calls.count == 3)
        }
    }

    @Test("a participant that nobody serves is named in the step's error, and tried again")
    func nobody() async throws {
        try await Shop.run(settings: impatient) { shop in
            let id = try await shop.order()
            #expect(try await shop.ask("orders.cancel", id).status == 0)
            try await shop.fleet.until("it was tried twice") {
                try await shop.step("void-payment", id)?["attempts"]?.int64 ?? 0 >= 2
            }
            try await shop.fleet.until("the step says why") {
                try await shop.step("void-payment", id)?["error"]?.string?.contains("payments") == true
            }
            #expect(try await shop.saga(id)["state"]?.string == "compensating")
        }
    }

    @Test("an order that is paid after its stock was given back is cancelled for want of stock")
    func outOfStock() async throws {
        try await Shop.run(settings: impatient) { shop in
            let id = try await shop.order()
            #expect(try await shop.fleet.call("inventory.release", #"{"orderId": "\#(id)"}"#).status == 0)
            try await shop.tell("PAYMENT_CONFIRMED", id)
            try await shop.fleet.until("it is cancelled") { try await shop.status(id) == "cancelled" }
            #expect(try await shop.events(id) == "ORDER_CREATED ORDER_STATUS_UPDATED ORDER_CANCELLED")
            let history = try await shop.ask("orders.history", id).body["events"]?.array
            #expect(history?.last?["reason"]?.string == "out-of-stock")
            #expect(try await shop.step("commit-stock", id)?["state"]?.string == "superseded")
            try await shop.fleet.until("nothing is held") {
                try await shop.step("release-stock", id)?["state"]?.string == "done"
            }
            #expect(try await shop.stock() == "1000/0/0")
        }
    }

    @Test("orders that nobody pays are cancelled within a second of their time, once, by any number of instances")
    func deadline() async throws {
        try await Shop.run(settings: OrdersSettings(paymentLimit: .seconds(1)), instances: 2) { shop in
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<40 { group.addTask { try await shop.order() } }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            try await shop.fleet.until("all are cancelled") {
                try await shop.fleet.sql("SELECT count(*) FROM orders.orders WHERE status = 'cancelled'") == ["40"]
            }
            let lateness = try await shop.fleet.sql(
                """
                SELECT max(e.created_at - o.payment_due_at) < interval '1 second' FROM orders.events e
                JOIN orders.orders o ON o.id = e.aggregate_id WHERE e.type = 'ORDER_CANCELLED'
                """)
            #expect(lateness == ["t"])
            #expect(
                try await shop.fleet.sql("SELECT type, count(*) FROM orders.events GROUP BY 1 ORDER BY 1") == [
                    "ORDER_CANCELLED|40", "ORDER_CREATED|40",
                ])
            let cause = try await shop.fleet.sql(
                "SELECT DISTINCT headers->>'task' FROM orders.events WHERE type = 'ORDER_CANCELLED'")
            #expect(cause == ["unpaid orders"])
            #expect(ids.count == 40)
            try await shop.fleet.until("the stock is back") { try await shop.stock() == "1000/0/0" }
        }
    }

    @Test("a broken row holds up no other order's deadline")
    func brokenRow() async throws {
        try await Shop.run(settings: OrdersSettings(paymentLimit: .milliseconds(300))) { shop in
            let broken = try await shop.order()
            _ = try await shop.fleet.sql("UPDATE orders.orders SET document = '{}' WHERE id = '\(broken)'")
            let id = try await shop.order()
            try await shop.fleet.until("the other is cancelled") { try await shop.status(id) == "cancelled" }
        }
    }

    @Test("a payer who has to confirm the payment gets the time for it, up to a limit")
    func extends() async throws {
        var settings = OrdersSettings(paymentLimit: .seconds(2))
        settings.actionLimit = .seconds(900)
        settings.longestPayment = .seconds(1_000)
        try await Shop.run(settings: settings) { [settings] shop in
            let id = try await shop.order()
            try await shop.tell("PAYMENT_ACTION_REQUIRED", id)
            try await shop.fleet.until("the event is there") {
                try await shop.events(id) == "ORDER_CREATED ORDER_PAYMENT_EXTENDED"
            }
            let due = """
                SELECT extract(epoch FROM payment_due_at - created_at)::int FROM orders.orders WHERE id = '\(id)'
                """
            let first = try #require(Int(try await shop.fleet.sql(due)[0]))
            #expect((898...905).contains(first))
            try await shop.tell("PAYMENT_ACTION_REQUIRED", id, version: 2, at: Date(timeIntervalSinceNow: 600))
            try await shop.fleet.until("it is at its limit") { try await shop.fleet.sql(due) == ["1000"] }
            #expect(settings.longestPayment == .seconds(1_000))
            // A version of its own without a change of the document.
            #expect(try await shop.move(id, to: "confirmed").status == 0)
        }
    }
}

/// Counts calls from any thread.
private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}
