import FleetTesting
import JSON
import Testing

@Suite("Catalogue")
struct CatalogueTests {
    private static let type = "urn:flotilla:problem:"

    @Test("what is named changes, the rest stays")
    func update() async throws {
        try await Stockroom.run { room in
            try await room.create(stock: 5)
            let renamed = try await room.update(1, #""name": "Better", "lowStockAt": 3"#)
            #expect(renamed.body["name"]?.string == "Better")
            #expect(renamed.body["lowStockAt"]?.int64 == 3)
            let dearer = try await room.update(1, #""price": 12.50"#)
            #expect(dearer.body["name"]?.string == "Better")
            #expect(dearer.body["price"] == .number(JSONNumber(text: "12.50")!))
            let read = try await room.staff("inventory.products.get", #"{"id": "\#(Stockroom.product(1))"}"#)
            #expect(read.bytes == dearer.bytes)
        }
    }

    @Test("an update that changes nothing, a price with too many decimals and an unknown product are refused")
    func badUpdates() async throws {
        try await Stockroom.run { room in
            try await room.create(stock: 5)
            let yen = try await room.staff(
                "inventory.products.create",
                #"{"id": "\#(Stockroom.product(2))", "sku": "Y", "name": "Y", "price": 100, "currency": "JPY", "stock": 1}"#
            )
            #expect(yen.status == 0)
            let nothing = try await room.staff("inventory.products.update", #"{"id": "\#(Stockroom.product(1))"}"#)
            let decimals = try await room.update(2, #""price": 100.5"#)
            let unknown = try await room.update(9, #""name": "N""#)
            #expect([nothing.status, decimals.status, unknown.status] == [400, 400, 404])
            #expect(decimals.body["errors"]?.array?.first?["pointer"]?.string == "/price")
            let customer = try await room.fleet.call(
                "inventory.products.update", #"{"id": "\#(Stockroom.product(1))", "price": 0.01}"#,
                actor: "customer:\(Stockroom.customer)")
            #expect(customer.status == 403)
        }
    }

    @Test("a running reservation keeps its price and name")
    func runningReservation() async throws {
        try await Stockroom.run { room in
            try await room.create(stock: 5)
            let before = try await room.reserve(order: 1)
            #expect(try await room.update(1, #""name": "Other", "price": 99.00"#).status == 0)
            #expect(try await room.reserve(order: 1).bytes == before.bytes)
            #expect(try await room.settle("commit", order: 1).body["totalAmount"] == before.body["totalAmount"])
            let item = try await room.reserve(order: 2).body["items"]?.array?.first
            #expect(item?["name"]?.string == "Other")
        }
    }

    @Test("a discontinued product is not ordered, and shown to staff only; what is held goes on")
    func discontinued() async throws {
        try await Stockroom.run { room in
            try await room.create(1, stock: 5)
            try await room.create(2, stock: 5)
            #expect(try await room.reserve(order: 1).status == 0)
            #expect(try await room.update(1, #""discontinued": true"#).body["discontinued"] == .bool(true))

            let refused = try await room.reserve(order: 2, [(2, 1), (1, 1)])
            #expect(refused.status == 409)
            #expect(refused.body["type"]?.string == Self.type + "product-discontinued")
            #expect(refused.body["errors"]?.array?.first?["pointer"]?.string == "/items/1")
            #expect(try await room.stock(2) == "5/0/0")
            #expect(try await room.settle("commit", order: 1).status == 0)

            func listed(_ actor: String?) async throws -> Int? {
                try await room.fleet.call("inventory.products.list", "{}", actor: actor).body["products"]?.array?.count
            }
            #expect(try await listed("anonymous") == 1)
            #expect(try await listed(Stockroom.staff) == 2)
            #expect(try await room.update(1, #""discontinued": false"#).status == 0)
            #expect(try await room.reserve(order: 2, [(1, 1)]).status == 0)
        }
    }

    @Test("a product is made once under an idempotency key; another body under it is refused")
    func createWithKey() async throws {
        try await Stockroom.run { room in
            func create(_ sku: String, _ key: String) async throws -> TestFleet.Answer {
                try await room.staff(
                    "inventory.products.create",
                    #"{"sku": "\#(sku)", "name": "Anchor", "price": 1.00, "stock": 3}"#, key: key)
            }
            let first = try await create("A", "k")
            let again = try await create("A", "k")
            #expect(first.status == 0)
            #expect(again.bytes == first.bytes)
            #expect(try await create("B", "k").status == 422)
            #expect(try await create("A", "other").body["type"]?.string == Self.type + "product-exists")
            #expect(try await room.fleet.sql("SELECT count(*) FROM inventory.products") == ["1"])
            #expect(try await room.fleet.sql("SELECT count(*) FROM inventory.stock_ledger") == ["1"])
        }
    }

    @Test(
        "a search finds words of name and article number, or their beginnings, in either case",
        arguments: [
            ("copper", [1, 3]), ("COP", [1, 3]), ("kettle copper", [1]), ("k-17", [1]), ("17", [1]), ("äPF", [2]),
            ("per", []), ("copper apple", []), ("!!", []), ("o'neil", [3]), ("'", []), ("a & !b | c:*", []),
        ])
    func search(_ words: String, _ found: [Int]) async throws {
        try await Stockroom.run { room in
            let names = [("K-17", "Copper Kettle"), ("AP/2", "Äpfel & Apples"), ("X", "O'Neil's copper, used")]
            for (index, (sku, name)) in names.enumerated() {
                let id = Stockroom.product(index + 1)
                let made = try await room.staff(
                    "inventory.products.create",
                    #"{"id": "\#(id)", "sku": "\#(sku)", "name": "\#(name)", "price": 1.00, "stock": 3}"#)
                #expect(made.status == 0)
            }
            let request = JSONWriter.object { $0.field("q", words) }
            let page = try await room.fleet.call("inventory.products.list", String(decoding: request, as: UTF8.self))
            #expect(page.body["products"]?.array?.map { $0["id"]?.string } == found.map { Stockroom.product($0) })
        }
    }

    @Test("what a search finds is read a page at a time, each product once")
    func searchPages() async throws {
        try await Stockroom.run { room in
            for number in 1...7 { try await room.create(number, stock: 1) }
            var seen: [String] = []
            var after = ""
            repeat {
                let page = try await room.fleet.call(
                    "inventory.products.list", #"{"q": "product", "limit": 3\#(after)}"#)
                seen += (page.body["products"]?.array ?? []).compactMap { $0["id"]?.string }
                after = page.body["next"]?.string.map { #", "after": "\#($0)""# } ?? ""
            } while !after.isEmpty
            #expect(seen == (1...7).map { Stockroom.product($0) })
        }
    }
}
