import FleetTesting
import Inventory
import JSON
import Testing

@Suite("Many at once")
struct CrowdTests {
    @Test("of 200 buyers of one unit, at three instances, exactly one gets it")
    func oneUnit() async throws {
        try await Stockroom.run(instances: 3) { room in
            try await room.create(stock: 1)
            let answers = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                for order in 1...200 { group.addTask { try await room.reserve(order: order) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 0 } == 1)
            let refused = answers.filter { $0.body["type"]?.string == "urn:flotilla:problem:out-of-stock" }
            #expect(refused.count == 199)
            #expect(try await room.stock() == "0/1/0")
            #expect(try await room.fleet.sql("SELECT count(*) FROM inventory.reservations") == ["1"])
            #expect(try await room.fleet.sql("SELECT count(*) FROM inventory.stock_ledger") == ["2"])
            #expect(try await room.mismatches() == 0)
        }
    }

    @Test("stock goes back by events while others reserve the same products, and nobody waits in a circle")
    func eventsAndReservations() async throws {
        try await Stockroom.run(InventorySettings(holdsPerCustomer: 0), instances: 2, orders: true) { room in
            for product in 1...4 { try await room.create(product, stock: 100_000) }
            func place(_ number: Int) async throws -> String {
                // Each order names two products, in an order of its own.
                let (first, second) = (1 + number % 4, 1 + (number + 1 + number / 4 % 3) % 4)
                let items = [first, second].map {
                    #"{"productId": "\#(Stockroom.product($0))", "quantity": 1}"#
                }
                let answer = try await room.fleet.call(
                    "orders.create",
                    #"{"userId": "\#(Stockroom.customer)", "items": [\#(items.joined(separator: ","))]}"#)
                guard let id = answer.body["id"]?.string else { throw TestFleetRefusal(answer) }
                return id
            }
            func cancel(_ id: String) async throws {
                let answer = try await room.fleet.call("orders.cancel", #"{"id": "\#(id)"}"#)
                guard answer.status == 0 else { throw TestFleetRefusal(answer) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<12 {
                    group.addTask {
                        for number in 0..<25 { try await cancel(try await place(lane * 25 + number)) }
                    }
                }
                try await group.waitForAll()
            }
            try await room.fleet.until("all is back") {
                try await room.fleet.sql("SELECT sum(reserved) FROM inventory.products") == ["0"]
            }
            #expect(
                try await room.fleet.sql(
                    "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == ["0"])
            #expect(try await room.mismatches() == 0)
        }
    }

    @Test("after any operations of any outcome, ledger, stock and reservations say the same", arguments: [1, 2, 3])
    func anyOperations(_ seed: UInt64) async throws {
        try await Stockroom.run(InventorySettings(holdsPerCustomer: 6), instances: 3) { room in
            for product in 1...RandomTrade.products { try await room.create(product, stock: 20) }
            let trades = try await withThrowingTaskGroup(of: RandomTrade.self) { group in
                for lane in 1...6 {
                    group.addTask {
                        var trade = RandomTrade(room, seed: seed &* 1_000 &+ UInt64(lane))
                        try await trade.run(120)
                        return trade
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let outcomes = trades.reduce(into: [:]) { $0.merge($1.outcomes, uniquingKeysWith: +) }
            print("random operations, seed \(seed): \(outcomes.sorted { $0.key < $1.key })")
            #expect(try await room.mismatches() == 0)
            #expect(outcomes["done", default: 0] > 100)
            #expect(outcomes.keys.allSatisfy { RandomTrade.outcomes.contains($0) }, "\(outcomes)")

            for product in 1...RandomTrade.products {
                let received = trades.reduce(20) { $0 + $1.received[product, default: 0] }
                #expect(
                    try await room.fleet.sql(
                        "SELECT received FROM inventory.products WHERE id = '\(Stockroom.product(product))'")
                        == ["\(received)"])
            }
            #expect(try await room.fleet.sql(Self.unlikeReservations) == ["0"])
            #expect(try await room.fleet.sql(Self.bookedTwice) == ["0"])
        }
    }

    /// Products whose numbers are not those of the reservations.
    private static let unlikeReservations = """
        SELECT count(*) FROM inventory.products p LEFT JOIN (
            SELECT product_id, sum(quantity) FILTER (WHERE state = 'held') AS held,
                   sum(quantity) FILTER (WHERE state = 'committed') AS sold
            FROM inventory.reservations, unnest(product_ids, quantities) AS line(product_id, quantity)
            GROUP BY product_id) r ON r.product_id = p.id
        WHERE p.reserved <> coalesce(r.held, 0) OR p.sold <> coalesce(r.sold, 0)
        """
    private static let bookedTwice = """
        SELECT count(*) FROM (SELECT FROM inventory.stock_ledger WHERE order_id IS NOT NULL
                              GROUP BY order_id, product_id, kind HAVING count(*) > 1) twice
        """
}
