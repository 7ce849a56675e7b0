import FleetTesting
import JSON
import Logging
import Orders
import Postgres
import Reactor
import Testing
import Worker

@Suite("Rebuilding the projection of orders")
struct RebuildTests {
    /// Runs the rebuild as the worker's role.
    @Reactor
    private func rebuild(_ shop: Shop, repairs: Bool) async throws -> OrderRebuild.Progress {
        let database = PostgresPool(
            shop.fleet.configuration("orders").postgres,
            logger: Logger(label: "rebuild") { _ in SwiftLogNoOpLogHandler() })
        try await database.start()
        let progress = try await OrderRebuild(database: database, repairs: repairs).run()
        await database.shutdown()
        return progress
    }

    /// Something that may happen to an order, allowed or not.
    private func anything(_ shop: Shop, _ id: String, _ round: Int) async throws {
        switch Int.random(in: 0..<6) {
        case 0: _ = try await shop.move(id, to: "confirmed")
        case 1: _ = try await shop.move(id, to: "shipped")
        case 2: _ = try await shop.ask("orders.cancel", id)
        case 3: try await shop.tell("PAYMENT_ACTION_REQUIRED", id, version: 1)
        default:
            let address = #"{"street": "1 Quay", "city": "Ähre \#(round) \"x\"", "zipCode": "1", "country": "US"}"#
                .replacing(#"\"x\""#, with: #"\\\"x\\\""#)
            _ = try await shop.ask("orders.address", id, #", "shippingAddress": \#(address)"#)
        }
    }

    @Test("after random operations the events make exactly the live projection")
    func equal() async throws {
        try await Shop.run { shop in
            var ids: [String] = []
            for number in 0..<30 { ids.append(try await shop.order(to: number.isMultiple(of: 3) ? nil : "Town")) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<6 {
                    group.addTask { [ids] in
                        for round in 0..<25 { try await anything(shop, ids[(lane * 7 + round * 11) % 30], round) }
                    }
                }
                try await group.waitForAll()
            }
            let progress = try await rebuild(shop, repairs: false)
            #expect(progress.orders == 30)
            #expect(progress.differences == 0, "\(progress.examples)")
            let events = try await shop.fleet.sql("SELECT count(*) FROM orders.events")
            #expect(events == ["\(progress.events)"])
        }
    }

    @Test("what differs is named and repaired, under running workers; what has no events is left alone")
    func repairs() async throws {
        try await Shop.run { shop in
            var ids: [String] = []
            for _ in 0..<8 { ids.append(try await shop.order(to: "Springfield")) }
            for id in ids { _ = try await shop.move(id, to: "confirmed") }
            let before = try await shop.fleet.sql("SELECT document FROM orders.orders ORDER BY id")
            _ = try await shop.fleet.sql(
                """
                UPDATE orders.orders SET status = 'pending' WHERE id = '\(ids[0])';
                UPDATE orders.orders SET version = 9 WHERE id = '\(ids[1])';
                UPDATE orders.orders SET document = '{}' WHERE id = '\(ids[2])';
                UPDATE orders.orders SET payment_due_at = now() WHERE id = '\(ids[3])';
                DELETE FROM orders.orders WHERE id = '\(ids[4])';
                DELETE FROM orders.order_search WHERE order_id = '\(ids[5])';
                INSERT INTO orders.orders
                SELECT '0190ffff-0000-7000-8000-000000000001', user_id, 'confirmed', total_amount, currency, version,
                       document, payment_due_at, created_at, updated_at FROM orders.orders WHERE id = '\(ids[6])';
                """)
            let check = try await rebuild(shop, repairs: false)
            #expect(check.differences == 7 && check.repaired == 0)
            let named = Dictionary(uniqueKeysWithValues: check.examples.map { ($0.orderId.text, $0.what) })
            #expect(named[ids[0]] == "other status")
            #expect(named[ids[1]] == "other version")
            #expect(named[ids[2]] == "other document")
            #expect(named[ids[3]] == "other payment deadline")
            #expect(named[ids[4]] == "it is missing")
            #expect(named[ids[5]] == "other search words")
            #expect(named["0190ffff-0000-7000-8000-000000000001"] == "it has no events")
            let repair = try await rebuild(shop, repairs: true)
            #expect(repair.differences == 7 && repair.repaired == 6)
            #expect(try await rebuild(shop, repairs: false).differences == 1)
            let after = try await shop.fleet.sql(
                "SELECT document FROM orders.orders WHERE id < '0190ffff-0000-7000-8000-000000000001' OR id > '0190ffff-0000-7000-8000-000000000001' ORDER BY id"
            )
            #expect(after == before)
            #expect(try await shop.move(ids[1], to: "shipped").status == 0)
        }
    }

    @Test("a history of thousands of orders is folded page by page")
    func pages() async throws {
        try await Shop.run { shop in
            _ = try await shop.fleet.sql(ManyOrders.insert(2_000))
            let began = ContinuousClock.now
            let progress = try await rebuild(shop, repairs: false)
            let time = ContinuousClock.now - began
            #expect(progress.orders == 2_000 && progress.events == 4_000)
            #expect(progress.differences == 0, "\(progress.examples)")
            print("rebuild rate: \(4_000 / (time / .seconds(1))) events/s")
        }
    }
}
