import FleetTesting
import Inventory
import JSON
import NATS
import Orders
import Reactor
import Testing

@Suite("Inventory")
struct InventoryTests {
    private static let product = "0190bbbb-0000-7000-8000-000000000001"
    private static let order = "0190cccc-0000-7000-8000-000000000001"

    private func withStock<T: Sendable>(
        _ stock: Int, settings: InventorySettings = InventorySettings(), orders: Bool = false,
        _ body: @escaping @Sendable (TestFleet) async throws -> T
    ) async throws -> T {
        try await TestFleet.run([Inventory.worker(settings)] + (orders ? [Orders.worker()] : [])) { fleet in
            _ = try await fleet.call(
                "inventory.products.import",
                #"{"products": [{"id": "\#(Self.product)", "sku": "A-1", "name": "Anchor", "price": 29.99, "stock": \#(stock)}]}"#
            )
            return try await body(fleet)
        }
    }

    private static func reserve(_ order: String = order, _ quantity: Int = 1) -> String {
        #"{"orderId": "\#(order)", "items": [{"productId": "\#(product)", "quantity": \#(quantity)}]}"#
    }

    private static func stock(_ fleet: TestFleet) async throws -> [String] {
        try await fleet.sql("SELECT available || '/' || reserved || '/' || sold FROM inventory.products")
    }

    @Test("reserving twice for one order holds once")
    func reserveIsIdempotent() async throws {
        try await withStock(5) { fleet in
            let first = try await fleet.call("inventory.reserve", Self.reserve())
            let again = try await fleet.call("inventory.reserve", Self.reserve())
            #expect(first.status == 0)
            #expect(again.bytes == first.bytes)
            #expect(try await Self.stock(fleet) == ["4/1/0"])
        }
    }

    @Test("a held reservation is sold by commit, a sold one comes back by release; both only once")
    func settle() async throws {
        try await withStock(5) { fleet in
            _ = try await fleet.call("inventory.reserve", Self.reserve(Self.order, 2))
            let id = #"{"orderId": "\#(Self.order)"}"#
            for _ in 0..<2 { #expect(try await fleet.call("inventory.commit", id).status == 0) }
            #expect(try await Self.stock(fleet) == ["3/0/2"])
            for _ in 0..<2 { #expect(try await fleet.call("inventory.release", id).status == 0) }
            #expect(try await Self.stock(fleet) == ["5/0/0"])
            #expect(try await fleet.call("inventory.commit", id).status == 409)
            #expect(
                try await fleet.sql("SELECT string_agg(type, ' ' ORDER BY version) FROM inventory.events")
                    == ["STOCK_RESERVED STOCK_COMMITTED STOCK_RELEASED"])
        }
    }

    @Test("another reservation under a used order id or key is refused")
    func differentReservation() async throws {
        try await withStock(9) { fleet in
            #expect(try await fleet.call("inventory.reserve", Self.reserve(Self.order, 2), key: "k").status == 0)
            let bySameOrder = try await fleet.call("inventory.reserve", Self.reserve(Self.order, 3))
            let other = "0190cccc-0000-7000-8000-000000000002"
            let bySameKey = try await fleet.call("inventory.reserve", Self.reserve(other, 3), key: "k")
            #expect([bySameOrder.status, bySameKey.status] == [422, 422])
            #expect(bySameKey.body["type"]?.string == "urn:flotilla:problem:idempotency-key-reused")
            #expect(try await Self.stock(fleet) == ["7/2/0"])
        }
    }

    @Test("a reservation that is asked for again while its expiry is looked at stays held")
    func expiryRace() async throws {
        try await withStock(5, settings: InventorySettings(hold: .seconds(60))) { fleet in
            _ = try await fleet.call("inventory.reserve", Self.reserve(), key: "k")
            let looks = Looks()
            // Plays the orders worker: there is no such order yet, but somebody asks for its reservation this very moment.
            let client = fleet.client
            try await client.subscribe("orders.get", queue: "q") { message in
                Task { @Reactor in
                    if await looks.next() == 1 {
                        _ = try await fleet.call("inventory.reserve", Self.reserve(), key: "k")
                    }
                    try client.respond(
                        to: message,
                        headers: [("Nats-Service-Error", "none"), ("Nats-Service-Error-Code", "404")], body: [])
                }
            }
            func makeDue() async throws {
                _ = try await fleet.sql("UPDATE inventory.reservations SET expires_at = now() - interval '1 second'")
            }
            try await makeDue()
            try await fleet.until("it was looked at") { await looks.count >= 1 }
            try await fleet.until("it is kept") {
                try await fleet.sql(
                    "SELECT state FROM inventory.reservations WHERE expires_at > now() + interval '40 seconds'")
                    == ["held"]
            }
            // The look is over when the next one releases it: nobody asks any more.
            try await makeDue()
            try await fleet.until("it is released") { try await Self.stock(fleet) == ["5/0/0"] }
            #expect(await looks.count == 2)
        }
    }

    @Test("orders that name products in opposite order at the same time never wait for each other for ever")
    func noDeadlocks() async throws {
        try await TestFleet.run([Inventory.worker()]) { fleet in
            let ids = (0..<6).map { "0190bbbb-0000-7000-8000-00000000000\($0)" }
            let products = ids.enumerated().map {
                #"{"id": "\#($1)", "sku": "S-\#($0)", "name": "P", "price": 1.00, "stock": 1000}"#
            }
            _ = try await fleet.call(
                "inventory.products.import", #"{"products": [\#(products.joined(separator: ","))]}"#)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<100 {
                    let lines = (number % 2 == 0 ? ids : ids.reversed()).map {
                        #"{"productId": "\#($0)", "quantity": 1}"#
                    }
                    let order =
                        "0190cccc-0000-7000-8000-\(String(repeating: "0", count: 12 - "\(number)".count))\(number)"
                    group.addTask {
                        try await fleet.call(
                            "inventory.reserve",
                            #"{"orderId": "\#(order)", "items": [\#(lines.joined(separator: ","))]}"#
                        ).status
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [0: 100])
            #expect(
                try await fleet.sql("SELECT DISTINCT available || '/' || reserved FROM inventory.products") == [
                    "900/100"
                ])
        }
    }

    @Test("a reservation whose order never came to be is released when it expires; one with an order is kept")
    func orphans() async throws {
        try await withStock(5, settings: InventorySettings(hold: .milliseconds(300)), orders: true) { fleet in
            let kept = try await fleet.call(
                "orders.create",
                #"{"userId": "\#(Self.order)", "items": [{"productId": "\#(Self.product)", "quantity": 2}]}"#)
            #expect(kept.status == 0)
            _ = try await fleet.call("inventory.reserve", Self.reserve())
            try await fleet.until("the orphan is released") { try await Self.stock(fleet) == ["3/2/0"] }
            try await fleet.until("the other was looked at as well") {
                try await fleet.sql(
                    "SELECT count(*) FROM inventory.reservations WHERE state = 'held' AND expires_at > created_at + interval '400 ms'"
                ) == ["1"]
            }
            #expect(try await Self.stock(fleet) == ["3/2/0"])
        }
    }

    @Test("restocking adds to what can be sold; an unknown product is told so")
    func restock() async throws {
        try await withStock(1) { fleet in
            let answer = try await fleet.call(
                "inventory.products.restock", #"{"id": "\#(Self.product)", "quantity": 4}"#)
            #expect(answer.body["stock"]?.int64 == 5)
            #expect(
                try await fleet.call("inventory.products.restock", #"{"id": "\#(Self.order)", "quantity": 4}"#).status
                    == 404)
            #expect(
                try await fleet.call("inventory.products.restock", #"{"id": "\#(Self.product)", "quantity": 0}"#).status
                    == 400)
        }
    }

    @Test("the catalogue is read a page at a time, each product once")
    func pages() async throws {
        try await TestFleet.run([Inventory.worker()]) { fleet in
            let products = (0..<25).map { #"{"sku": "S-\#($0)", "name": "P", "price": 1.00, "stock": 1}"# }
            _ = try await fleet.call(
                "inventory.products.import", #"{"products": [\#(products.joined(separator: ","))]}"#)
            var seen: [String] = []
            var after: String?
            repeat {
                let page = try await fleet.call(
                    "inventory.products.list", after.map { #"{"limit": 10, "after": "\#($0)"}"# } ?? #"{"limit": 10}"#)
                seen += (page.body["products"]?.array ?? []).compactMap { $0["id"]?.string }
                after = page.body["next"]?.string
            } while after != nil
            #expect(seen.count == 25)
            #expect(Set(seen).count == 25)
        }
    }

    @Test("a product with a taken id or sku is refused")
    func createConflicts() async throws {
        try await withStock(1) { fleet in
            let answer = try await fleet.call(
                "inventory.products.create", #"{"sku": "A-1", "name": "Other", "price": 1.00, "stock": 1}"#)
            #expect(answer.status == 409)
            #expect(answer.body["errors"]?.array?.first?["pointer"]?.string == "/sku")
        }
    }
}
