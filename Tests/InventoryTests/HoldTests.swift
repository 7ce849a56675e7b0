import FleetTesting
import JSON
import NATS
import Postgres
import Reactor
import Testing

@testable import Inventory

@Suite("Holds")
struct HoldTests {
    private static let other = "0190aaaa-0000-7000-8000-000000000002"

    @Test("a customer holds so many unpaid reservations and no more; others and internal callers are not counted")
    func cap() async throws {
        try await Stockroom.run(InventorySettings(holdsPerCustomer: 2)) { room in
            try await room.create(stock: 100)
            for order in 1...2 {
                #expect(try await room.reserve(order: order, userId: Stockroom.customer).status == 0)
            }
            let refused = try await room.reserve(order: 3, userId: Stockroom.customer)
            #expect(refused.status == 409)
            #expect(refused.body["type"]?.string == "urn:flotilla:problem:too-many-holds")
            #expect(try await room.stock() == "98/2/0")
            #expect(try await room.reserve(order: 1, userId: Stockroom.customer).status == 0)
            #expect(try await room.reserve(order: 4, userId: Self.other).status == 0)
            for order in 5...8 { #expect(try await room.reserve(order: order).status == 0) }

            #expect(try await room.settle("commit", order: 1).status == 0)
            #expect(try await room.reserve(order: 3, userId: Stockroom.customer).status == 0)
            #expect(try await room.reserve(order: 9, userId: Stockroom.customer).status == 409)
            #expect(try await room.settle("release", order: 2).status == 0)
            #expect(try await room.reserve(order: 9, userId: Stockroom.customer).status == 0)
        }
    }

    @Test("keys of reservations are forgotten after two days, younger ones are not")
    func forgetsKeys() async throws {
        try await Stockroom.run { room in
            try await room.create(stock: 100)
            for order in 1...2 { #expect(try await room.reserve(order: order, key: "key-\(order)").status == 0) }
            let old = Stockroom.order(1)
            _ = try await room.fleet.sql(
                "UPDATE inventory.reservations SET created_at = now() - interval '50 hours' WHERE order_id = '\(old)'")
            _ = try await room.fleet.sql("SET search_path TO inventory; " + RequestKeys.forget.sql)
            #expect(
                try await room.fleet.sql(
                    "SELECT order_id FROM inventory.reservations WHERE request_key IS NULL") == [old])
            #expect(try await room.stock() == "98/2/0")
        }
    }

    @Test("the cap is exact when a customer asks many times at once, of several instances")
    func exactCap() async throws {
        try await Stockroom.run(InventorySettings(holdsPerCustomer: 5), instances: 3) { room in
            for product in 1...10 { try await room.create(product, stock: 100) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for order in 1...60 {
                    group.addTask {
                        try await room.reserve(order: order, [(1 + order % 10, 1)], userId: Stockroom.customer).status
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [0: 5, 409: 55])
            #expect(try await room.fleet.sql("SELECT sum(reserved) FROM inventory.products") == ["5"])
            #expect(try await room.mismatches() == 0)
        }
    }

    @Test("no cap is set by 0")
    func noCap() async throws {
        try await Stockroom.run(InventorySettings(holdsPerCustomer: 0)) { room in
            try await room.create(stock: 100)
            for order in 1...30 {
                #expect(try await room.reserve(order: order, userId: Stockroom.customer).status == 0)
            }
        }
    }

    @Test(
        "a repeated request gets its reservation, though it took the last unit, or the last that the customer may hold")
    func repeatedAtTheLimit() async throws {
        try await Stockroom.run(InventorySettings(holdsPerCustomer: 1)) { room in
            try await room.create(stock: 1)
            let first = try await room.reserve(order: 1, userId: Stockroom.customer, key: "k")
            // A request that is repeated brings another order id.
            let capped = try await room.reserve(order: 2, userId: Stockroom.customer, key: "k")
            let empty = try await room.reserve(order: 3, key: "k")
            #expect(first.status == 0)
            #expect([capped.bytes, empty.bytes] == [first.bytes, first.bytes])
            #expect(try await room.update(1, #""discontinued": true"#).status == 0)
            #expect(try await room.reserve(order: 4, key: "k").bytes == first.bytes)
            #expect(try await room.reserve(order: 5, key: "other").status == 409)
            #expect(try await room.stock() == "0/1/0")
        }
    }

    @Test("stock stays held as long as its order waits, for instance for 3-D Secure, and is sold when that is done")
    func extended() async throws {
        try await Stockroom.run(InventorySettings(hold: .milliseconds(200))) { room in
            try await room.create(stock: 5)
            let client = room.fleet.client
            let looks = Looks()
            // Plays the orders worker: the order is alive and not paid.
            try await client.subscribe("orders.get", queue: "q") { message in
                Task { @Reactor in
                    _ = await looks.next()
                    try client.respond(to: message, body: Array(#"{"status": "pending"}"#.utf8))
                }
            }
            #expect(try await room.reserve(order: 1, [(1, 2)]).status == 0)
            try await room.fleet.until("it was looked at three times") { await looks.count >= 3 }
            #expect(try await room.stock() == "3/2/0")
            #expect(try await room.settle("commit", order: 1).status == 0)
            #expect(try await room.stock() == "3/0/2")
        }
    }
}
