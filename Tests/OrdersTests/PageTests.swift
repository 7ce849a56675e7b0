import FleetTesting
import JSON
import Testing

@Suite("Pages of orders")
struct PageTests {
    /// All pages from the first to the last.
    private func walk(
        _ shop: Shop, _ subject: String, _ filter: String = "", limit: Int, actor: String?
    ) async throws -> [String] {
        var ids: [String] = []
        var after: String?
        repeat {
            let cursor = after.map { #", "after": "\#($0)""# } ?? ""
            let page = try await shop.fleet.call(subject, #"{"limit": \#(limit)\#(cursor)\#(filter)}"#, actor: actor)
            #expect(page.status == 0, "\(page.body)")
            ids += page.body["orders"]?.array?.compactMap { $0["id"]?.string } ?? []
            after = page.body["next"]?.string
        } while after != nil
        return ids
    }

    @Test("a walk through the pages sees every order once, the latest first, while others are placed")
    func concurrent() async throws {
        try await Shop.run { shop in
            let owner = "customer:\(Shop.customer)"
            var placed: [String] = []
            for _ in 0..<25 { placed.append(try await shop.order()) }
            let writers = Task {
                for _ in 0..<25 {
                    _ = try await shop.order()
                    _ = try await shop.order(by: Shop.stranger)
                }
            }
            for _ in 0..<5 {
                let seen = try await walk(shop, "orders.list", limit: 4, actor: owner)
                #expect(Set(seen).count == seen.count)
                #expect(seen == seen.sorted(by: >))
                #expect(Set(seen).isSuperset(of: placed))
            }
            try await writers.value
            #expect(try await walk(shop, "orders.list", limit: 7, actor: owner).count == 50)
            #expect(try await walk(shop, "orders.list", limit: 100, actor: Shop.staff).count == 75)
        }
    }

    @Test("lists are filtered by status, pages of a document's bytes")
    func status() async throws {
        try await Shop.run { shop in
            let owner = "customer:\(Shop.customer)"
            let ids = [try await shop.order(), try await shop.order(), try await shop.order()]
            _ = try await shop.move(ids[1], to: "cancelled")
            let filter = #", "status": "cancelled""#
            #expect(try await walk(shop, "orders.list", filter, limit: 1, actor: owner) == [ids[1]])
            #expect(
                try await walk(shop, "orders.list", #", "status": "pending""#, limit: 1, actor: owner) == [
                    ids[2], ids[0],
                ])
            let page = try await shop.fleet.call("orders.list", #"{"limit": 1}"#, actor: owner)
            let document = try await shop.ask("orders.get", ids[2]).bytes
            #expect(String(decoding: page.bytes, as: UTF8.self).contains(String(decoding: document, as: UTF8.self)))
            for wrong in [#"{"limit": 0}"#, #"{"limit": 101}"#, #"{"status": "lost"}"#, #"{"after": "x"}"#] {
                #expect(try await shop.fleet.call("orders.list", wrong, actor: owner).status == 400)
            }
        }
    }

    @Test("staff finds orders by words, id, customer, status and time")
    func search() async throws {
        try await Shop.run { shop in
            let anchor = try await shop.order(of: Shop.anchor, to: "Springfield")
            let bell = try await shop.order(by: Shop.stranger, of: Shop.bell, to: "Shelbyville")
            _ = try await shop.move(bell, to: "confirmed")
            func search(_ filter: String) async throws -> [String] {
                try await walk(shop, "orders.search", ", " + filter, limit: 1, actor: Shop.staff)
            }
            #expect(try await search(#""q": "ANCHOR""#) == [anchor])
            #expect(try await search(#""q": "quay""#) == [bell, anchor])
            #expect(try await search(#""q": "shelbyville bell""#) == [bell])
            #expect(try await search(#""q": "shelbyville anchor""#) == [])
            #expect(try await search(#""q": "'); DROP TABLE orders; --""#) == [])
            #expect(try await search(#""q": "\#(anchor)""#) == [anchor])
            #expect(try await search(#""userId": "\#(Shop.stranger)""#) == [bell])
            #expect(try await search(#""status": "pending", "q": "quay""#) == [anchor])
            #expect(try await search(#""createdFrom": "2020-01-01T00:00:00Z""#) == [bell, anchor])
            #expect(try await search(#""createdFrom": "2120-01-01T00:00:00Z""#) == [])
            #expect(try await search(#""createdTo": "2020-01-01T00:00:00Z""#) == [])
            let placed = try #require(try await shop.ask("orders.get", bell).body["createdAt"]?.string)
            #expect(try await search(#""createdTo": "\#(placed)""#) == [anchor])
            #expect(try await search(#""createdFrom": "\#(placed)", "createdTo": "2120-01-01T00:00:00Z""#) == [bell])
            // The words follow the address.
            let moved =
                #", "shippingAddress": {"street": "9 Hill", "city": "Ogdenville", "zipCode": "9", "country": "US"}"#
            #expect(try await shop.ask("orders.address", anchor, moved).status == 0)
            #expect(try await search(#""q": "springfield""#) == [])
            #expect(try await search(#""q": "ogdenville anchor""#) == [anchor])
        }
    }
}
