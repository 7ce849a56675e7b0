import FleetTesting
import JSON
import Testing

@Suite("Stock alerts")
struct AlertTests {
    @Test("running low, running out and coming back are told once each, by three instances together")
    func crossings() async throws {
        try await Stockroom.run(instances: 3) { room in
            try await room.create(stock: 12)
            #expect(try await room.reserve(order: 1, [(1, 1)]).status == 0)
            #expect(try await room.reserve(order: 2, [(1, 1)]).status == 0)
            try await room.fleet.until("it is low") { try await room.events() == ["LOW_STOCK"] }
            #expect(try await room.reserve(order: 3, [(1, 10)]).status == 0)
            try await room.fleet.until("it is out") { try await room.events() == ["LOW_STOCK", "OUT_OF_STOCK"] }
            #expect(try await room.settle("release", order: 3).status == 0)
            try await room.fleet.until("it is back") { try await room.events().last == "BACK_IN_STOCK" }
            #expect(try await room.restock(1, 100).status == 0)
            try await Self.settled(room)
            #expect(try await room.adjust(1, -105, "counted").status == 0)
            try await room.fleet.until("it is low again") { try await room.events().count == 4 }
            #expect(try await room.events() == ["LOW_STOCK", "OUT_OF_STOCK", "BACK_IN_STOCK", "LOW_STOCK"])
            #expect(
                try await room.fleet.sql(
                    """
                    SELECT version || ' ' || (payload->>'stock') || ' ' || (payload->>'sku') FROM inventory.events
                    WHERE aggregate_id = '\(Stockroom.product(1))' ORDER BY version
                    """) == ["1 10 S-1", "2 0 S-1", "3 10 S-1", "4 5 S-1"])
        }
    }

    @Test("what a command crosses is told within a second")
    func promptly() async throws {
        try await Stockroom.run { room in
            try await room.create(1, stock: 1)
            try await room.create(2, stock: 11)
            #expect(try await room.reserve(order: 1).status == 0)
            #expect(try await room.adjust(2, -1, "lost").status == 0)
            try await room.fleet.until("both are told", within: .seconds(3)) {
                let out = try await room.events(1)
                let low = try await room.events(2)
                return out == ["OUT_OF_STOCK"] && low == ["LOW_STOCK"]
            }
            #expect(
                try await room.fleet.sql(
                    """
                    SELECT count(*) FROM inventory.events e JOIN inventory.products p ON p.id = e.aggregate_id
                    WHERE e.created_at > p.updated_at + interval '1 second'
                    """) == ["0"])
        }
    }

    @Test(
        "a threshold of 0 switches low stock off; a new threshold can be crossed by being set; few at first are no news"
    )
    func thresholds() async throws {
        try await Stockroom.run { room in
            try await room.create(1, stock: 12, lowStockAt: 0)
            try await room.create(2, stock: 40)
            try await room.create(3, stock: 4)
            #expect(try await room.reserve(order: 1, [(1, 11), (3, 1)]).status == 0)
            #expect(try await room.update(2, #""lowStockAt": 50"#).status == 0)
            try await room.fleet.until("the second is low") { try await room.events(2) == ["LOW_STOCK"] }
            try await Self.settled(room)
            #expect(try await room.events(1) == [])
            #expect(try await room.events(3) == [])
            #expect(try await room.reserve(order: 2, [(1, 1)]).status == 0)
            try await room.fleet.until("the first is out") { try await room.events(1) == ["OUT_OF_STOCK"] }
        }
    }

    /// Waits until nothing is left to be told.
    private static func settled(_ room: Stockroom) async throws {
        try await room.fleet.until("all is told") {
            try await room.fleet.sql("SELECT count(*) FROM inventory.stock_alerts") == ["0"]
        }
    }
}
