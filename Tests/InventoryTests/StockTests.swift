import FleetTesting
import JSON
import Testing

@Suite("Stock and its ledger")
struct StockTests {
    @Test("stock is adjusted for a reason; what is held for orders cannot be taken")
    func adjust() async throws {
        try await Stockroom.run { room in
            try await room.create(stock: 10)
            #expect(try await room.reserve(order: 1, [(1, 4)]).status == 0)
            let damaged = try await room.adjust(1, -5, "damaged")
            #expect(damaged.body["stock"]?.int64 == 1)
            #expect(damaged.body["reserved"]?.int64 == 4)

            let refused = try await room.adjust(1, -2, "lost")
            #expect(refused.status == 409)
            #expect(refused.body["type"]?.string == "urn:flotilla:problem:stock-not-available")
            #expect(
                refused.body["errors"]?.array?.first?["message"]?.string
                    == "1 are available and 4 are held for orders")
            #expect(try await room.stock() == "1/4/0")

            #expect(try await room.adjust(1, 3, "found").body["stock"]?.int64 == 4)
            #expect(try await room.mismatches() == 0)
        }
    }

    @Test(
        "an adjustment that says nothing or the opposite is refused",
        arguments: [
            (0, "counted", 400), (1, "damaged", 400), (1, "lost", 400), (-1, "found", 400), (-1, "returned", 400),
            (1, "because", 400), (1_000_001, "found", 400), (-1, "counted", 0), (1, "counted", 0), (1, "returned", 0),
        ])
    func badAdjustments(_ quantity: Int, _ reason: String, _ status: Int) async throws {
        try await Stockroom.run { room in
            try await room.create(stock: 10)
            #expect(try await room.adjust(1, quantity, reason).status == status)
            #expect(try await room.stock() == "\(status == 0 ? 10 + quantity : 10)/0/0")
        }
    }

    @Test("restocking and adjusting twice under a key happens once, also at the same moment")
    func keys() async throws {
        try await Stockroom.run(instances: 2) { room in
            try await room.create(stock: 10)
            let answers = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await room.restock(1, 5, key: "r") }
                    group.addTask { try await room.adjust(1, -1, "lost", key: "a") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 0 || $0.status == 409 })
            let replayed = try await room.restock(1, 5, key: "r")
            #expect(replayed.status == 0)
            #expect(try await room.restock(1, 6, key: "r").status == 422)
            #expect(try await room.adjust(1, -2, "lost", key: "a").status == 422)
            #expect(try await room.stock() == "14/0/0")
            #expect(
                try await room.fleet.sql("SELECT kind FROM inventory.stock_ledger ORDER BY kind")
                    == ["adjusted", "created", "restocked"])
        }
    }

    @Test("the ledger tells every change, the latest first, a page at a time")
    func ledger() async throws {
        try await Stockroom.run { room in
            try await room.create(stock: 10)
            _ = try await room.reserve(order: 1, [(1, 2)], userId: Stockroom.customer)
            _ = try await room.settle("commit", order: 1)
            _ = try await room.settle("release", order: 1)
            _ = try await room.staff(
                "inventory.products.adjust",
                #"{"id": "\#(Stockroom.product(1))", "quantity": -1, "reason": "damaged", "note": "Bay 4"}"#)
            _ = try await room.restock(1, 7)
            var entries: [JSONValue] = []
            var after = ""
            repeat {
                let page = try await room.staff(
                    "inventory.products.ledger", #"{"id": "\#(Stockroom.product(1))", "limit": 2\#(after)}"#)
                entries += page.body["entries"]?.array ?? []
                after = page.body["next"]?.int64.map { #", "after": \#($0)"# } ?? ""
            } while !after.isEmpty
            let told = entries.map { entry in
                "\(entry["kind"]?.string ?? "") "
                    + ["stock", "reserved", "sold"].map { "\(entry[$0]?.int64 ?? 99)" }.joined(separator: " ")
            }
            #expect(
                told == [
                    "restocked 7 0 0", "adjusted -1 0 0", "released 2 0 -2", "committed 0 -2 2", "reserved -2 2 0",
                    "created 10 0 0",
                ])
            #expect(entries[1]["reason"]?.string == "damaged")
            #expect(entries[1]["note"]?.string == "Bay 4")
            #expect(entries[1]["actor"]?.string == Stockroom.staff)
            #expect(entries[4]["orderId"]?.string == Stockroom.order(1))
            #expect(entries[4]["actor"] == nil)
            #expect(try await room.mismatches() == 0)
            let unknown = try await room.staff("inventory.products.ledger", #"{"id": "\#(Stockroom.order(1))"}"#)
            #expect(unknown.status == 404)
        }
    }

    @Test("the check finds stock that was changed behind the ledger's back")
    func check() async throws {
        try await Stockroom.run { room in
            try await room.create(1, stock: 10)
            try await room.create(2, stock: 10)
            #expect(try await room.mismatches() == 0)
            _ = try await room.fleet.sql(
                """
                UPDATE inventory.products SET available = 9, received = 9 WHERE id = '\(Stockroom.product(2))'
                """)
            let found = try await room.fleet.call("inventory.stock.check", "{}").body
            #expect(found["mismatches"]?.int64 == 1)
            #expect(found["productIds"]?.array?.map(\.string) == [Stockroom.product(2)])
        }
    }

    @Test("a worker cannot rewrite the ledger or delete a product")
    func rights() async throws {
        try await Stockroom.run { room in
            let rights = try await room.fleet.sql(
                """
                SELECT has_table_privilege('inventory', t, p) FROM
                (VALUES ('inventory.stock_ledger', 'UPDATE'), ('inventory.stock_ledger', 'DELETE'),
                        ('inventory.products', 'DELETE'), ('inventory.stock_ledger', 'INSERT')) AS r(t, p)
                """)
            #expect(rights == ["f", "f", "f", "t"])
        }
    }
}
