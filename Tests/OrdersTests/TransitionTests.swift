import FleetTesting
import JSON
import Testing

/// What customers and staff do with an order; the table of all moves is in TradeTests.
@Suite("Transitions of orders")
struct TransitionTests {
    private static let path = [
        "pending": [], "confirmed": ["confirmed"], "shipped": ["confirmed", "shipped"],
        "delivered": ["confirmed", "shipped", "delivered"], "cancelled": ["cancelled"],
    ]
    private static let statuses = ["pending", "confirmed", "shipped", "delivered", "cancelled"]

    @Test("the owner cancels a pending or confirmed order, and no other")
    func cancel() async throws {
        try await Shop.run { shop in
            for from in Self.statuses {
                let id = try await shop.order()
                for step in Self.path[from] ?? [] { #expect(try await shop.move(id, to: step).status == 0) }
                let answer = try await shop.ask("orders.cancel", id, actor: "customer:\(Shop.customer)")
                #expect(answer.status == (["pending", "confirmed"].contains(from) ? 0 : 409), "\(from)")
            }
        }
    }

    @Test("an address changes while the order is pending; the event says so without it")
    func address() async throws {
        try await Shop.run { shop in
            let (owner, stranger) = ("customer:\(Shop.customer)", "customer:\(Shop.stranger)")
            func change(_ id: String, _ city: String, _ actor: String) async throws -> TestFleet.Answer {
                try await shop.ask(
                    "orders.address", id,
                    #", "shippingAddress": {"street": "2 Quay", "city": "\#(city)", "zipCode": "1", "country": "US"}"#,
                    actor: actor)
            }
            let id = try await shop.order(to: "Springfield")
            #expect(try await change(id, "Shelbyville", stranger).status == 404)
            let changed = try await change(id, "Shelbyville", owner)
            #expect(changed.body["shippingAddress"]?["city"]?.string == "Shelbyville")
            #expect(try await shop.ask("orders.get", id).bytes == changed.bytes)
            #expect(try await change(id, "Shelbyville", owner).bytes == changed.bytes)
            #expect(try await change(id, "Capital City", Shop.staff).status == 0)
            #expect(try await shop.events(id) == "ORDER_CREATED ORDER_ADDRESS_CHANGED ORDER_ADDRESS_CHANGED")
            let payloads = try await shop.fleet.sql("SELECT payload FROM orders.events").joined()
            #expect(!payloads.contains("Quay") && !payloads.contains("Shelbyville"))
            #expect(
                try await shop.fleet.sql(
                    "SELECT version || ' ' || (address->>'city') FROM orders.order_addresses ORDER BY version")
                    == ["1 Springfield", "2 Shelbyville", "3 Capital City"])
            for status in ["confirmed", "shipped", "delivered"] {
                _ = try await shop.move(id, to: status)
                let refused = try await change(id, "Ogdenville", owner)
                #expect(refused.status == 409)
                #expect(refused.body["type"]?.string == "urn:flotilla:problem:address-fixed")
                #expect(refused.body["orderStatus"]?.string == status)
            }
        }
    }

    @Test("the history tells what happened, and customers do not learn who of the staff did it")
    func history() async throws {
        try await Shop.run { shop in
            let owner = "customer:\(Shop.customer)"
            let id = try await shop.order()
            _ = try await shop.ask("orders.status", id, #", "status": "confirmed""#, actor: Shop.staff)
            _ = try await shop.ask("orders.cancel", id)
            let seen = try await shop.ask("orders.history", id, actor: Shop.staff).body["events"]?.array ?? []
            #expect(
                seen.compactMap { $0["type"]?.string } == ["ORDER_CREATED", "ORDER_STATUS_UPDATED", "ORDER_CANCELLED"])
            #expect(seen.compactMap { $0["version"]?.int64 } == [1, 2, 3])
            #expect(seen.compactMap { $0["status"]?.string } == ["pending", "confirmed", "cancelled"])
            #expect(seen.compactMap { $0["actor"]?.string } == [owner, Shop.staff, "system"])
            #expect(seen.last?["reason"]?.string == "requested")
            let own = try await shop.ask("orders.history", id, actor: owner).body["events"]?.array ?? []
            #expect(own.compactMap { $0["actor"]?.string } == [owner, "staff", "system"])
            let page = try await shop.ask("orders.history", id, #", "limit": 2"#).body
            #expect(page["events"]?.array?.count == 2 && page["next"]?.int64 == 2)
            let rest = try await shop.ask("orders.history", id, #", "limit": 2, "after": 2"#).body
            #expect(rest["events"]?.array?.count == 1 && rest["next"] == nil)
            #expect(try await shop.ask("orders.history", id, #", "after": 9"#).body["events"]?.array?.isEmpty == true)
            #expect(try await shop.ask("orders.history", Shop.anchor).status == 404)
        }
    }

    @Test("somebody else's order is not there, whatever is asked")
    func foreign() async throws {
        try await Shop.run { shop in
            let stranger = "customer:\(Shop.stranger)"
            let id = try await shop.order()
            for subject in ["orders.get", "orders.cancel", "orders.history"] {
                #expect(try await shop.ask(subject, id, actor: stranger).status == 404, "\(subject)")
            }
            for subject in ["orders.saga", "orders.status"] {
                let more = subject == "orders.status" ? #", "status": "cancelled""# : ""
                #expect(try await shop.ask(subject, id, more, actor: stranger).status == 403, "\(subject)")
            }
            #expect(try await shop.fleet.call("orders.search", "{}", actor: stranger).status == 403)
            let list = try await shop.fleet.call("orders.list", "{}", actor: stranger).body
            #expect(list["orders"]?.array?.isEmpty == true)
            #expect(try await shop.status(id) == "pending")
        }
    }
}
