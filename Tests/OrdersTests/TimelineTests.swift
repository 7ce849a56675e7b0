import FleetTesting
import Foundation
import JSON
import NATS
import Orders
import Testing

@Suite("The timeline of an order")
struct TimelineTests {
    private func timeline(_ shop: Shop, _ id: String) async throws -> JSONValue {
        let answer = try await shop.ask("orders.timeline", id, actor: Shop.staff)
        #expect(answer.status == 0, "\(answer.body)")
        return answer.body
    }

    private func lines(_ timeline: JSONValue) -> [String] {
        (timeline["entries"]?.array ?? []).map {
            "\($0["worker"]?.string ?? "") \($0["kind"]?.string ?? "") \($0["name"]?.string ?? "")"
        }
    }

    @Test("shows commands, events, deliveries and steps of all workers in causal order, and who is missing")
    func complete() async throws {
        try await Shop.run { shop in
            let id = try await shop.order()
            try await shop.tell("PAYMENT_CONFIRMED", id)
            try await shop.fleet.until("it is completed") { try await shop.saga(id)["state"]?.string == "completed" }
            let all = try await timeline(shop, id)
            let lines = lines(all)
            let wanted = [
                "inventory command inventory.reserve", "inventory event STOCK_RESERVED", "orders command orders.create",
                "orders event ORDER_CREATED", "orders delivery PAYMENT_CONFIRMED", "orders event ORDER_STATUS_UPDATED",
                "inventory delivery ORDER_STATUS_UPDATED", "inventory event STOCK_COMMITTED",
                "orders delivery STOCK_COMMITTED",
            ]
            let places = wanted.map { lines.firstIndex(of: $0) }
            #expect(places.allSatisfy { $0 != nil }, "\(lines)")
            #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(lines)")
            #expect(lines.contains("orders step commit-stock"))
            #expect(all["incomplete"]?.array?.compactMap(\.string) == ["notifications", "payments"])
            let created = all["entries"]?.array?.first { $0["name"]?.string == "orders.create" }
            #expect(created?["detail"]?["actor"]?.string == "customer:\(Shop.customer)")
        }
    }

    @Test("duplicates and retries are counted where they happened")
    func duplicates() async throws {
        try await Shop.run { shop in
            let id = try await shop.order()
            for _ in 0..<5 { try await shop.tell("PAYMENT_CONFIRMED", id) }
            // Cannot be understood: a member is missing.
            let stream = "PAYMENT_FAILED"
            try await shop.fleet.until("the duplicates came") {
                try await shop.fleet.sql(
                    """
                    SELECT deliveries || '/' || duplicates || '/' || outcome FROM orders.deliveries
                    WHERE aggregate_id = '\(id)' AND consumer = 'orders:PAYMENT_EVENTS'
                    """) == ["5/4/applied"]
            }
            try await poison(shop, id, stream)
            try await shop.fleet.until("it is a dead letter") {
                lines(try await timeline(shop, id)).contains("orders dead-letter \(stream)")
            }
            let all = try await timeline(shop, id)
            let dead = all["entries"]?.array?.first {
                $0["kind"]?.string == "delivery" && $0["name"]?.string == stream
            }
            #expect(dead?["detail"]?["outcome"]?.string == "dead")
            #expect(dead?["detail"]?["error"]?.string?.contains("orderId") == true)
        }
    }

    private func poison(_ shop: Shop, _ id: String, _ type: String) async throws {
        let subject = "payment-events.0.\(id).\(type)"
        _ = try await shop.fleet.client.request(
            subject,
            headers: [
                ("ce-id", UUID().uuidString.lowercased()), ("ce-type", type), ("ce-subject", id), ("ce-sequence", "2"),
                ("ce-time", "2026-01-01T00:00:00Z"),
            ], body: Array("{}".utf8), timeout: .seconds(2))
    }

    @Test("an order that is not there has none")
    func unknown() async throws {
        try await Shop.run { shop in
            let answer = try await shop.ask("orders.timeline", Shop.anchor, actor: Shop.staff)
            #expect(answer.status == 404)
        }
    }

    @Test("a timeline of fifty events takes little time")
    func speed() async throws {
        try await Shop.run { shop in
            let id = try await shop.order(to: "City 0")
            for number in 1..<50 {
                let address = #"{"street": "1 Quay", "city": "City \#(number)", "zipCode": "1", "country": "US"}"#
                _ = try await shop.ask("orders.address", id, #", "shippingAddress": \#(address)"#)
            }
            for worker in ["payments", "notifications"] {
                _ = try await shop.fleet.client.subscribe("\(worker).timeline", queue: "q") { message in
                    try? shop.fleet.client.respond(to: message, body: Array(#"{"entries": []}"#.utf8))
                }
            }
            var times: [Duration] = []
            for _ in 0..<20 {
                let began = ContinuousClock.now
                let all = try await timeline(shop, id)
                times.append(ContinuousClock.now - began)
                #expect(lines(all).count { $0.contains(" event ORDER_") } == 50)
                #expect(all["incomplete"]?.array?.isEmpty == true)
            }
            let median = times.sorted()[10]
            print("timeline of 50 events: median \(median)")
            // Generous: this is not an optimized build, and the machine may be busy.
            #expect(median < .milliseconds(500))
        }
    }
}
