import FleetTesting
import JSON
import Testing

/// Every status of an order against everything that can be asked of it, with the order's real stock and money.
@Suite("Table of transitions")
struct TransitionTableTests {
    private static let statuses = ["pending", "confirmed", "shipped", "delivered", "cancelled"]
    private static let allowed = [
        "pending": ["confirmed", "cancelled"], "confirmed": ["shipped", "cancelled"], "shipped": ["delivered"],
        "delivered": [], "cancelled": [],
    ]

    @Test(
        "an order does what it may and nothing else; a refusal names the moves and changes neither order, stock nor money"
    )
    func table() async throws {
        try await Market.run { market in
            let product = try await market.product()
            var table = PrintedTable([
                "from", "asked for", "answer", "allowed", "its events", "stock", "stock then", "money", "money then",
            ])
            for from in Self.statuses {
                for action in Self.statuses + ["cancel by owner", "new address"] {
                    table.add(try await row(from, action, product, market))
                }
            }
            print(table.text)
        }
    }

    private func row(_ from: String, _ action: String, _ product: String, _ market: Market) async throws -> [String] {
        let owner = Market.customer()
        let id = try await order(in: from, product, owner, market)
        let before = try await picture(of: id, market)
        let answer = try await ask(action, id, owner, market)
        try await market.settled(id)
        let after = try await picture(of: id, market)
        let moves = try #require(Self.allowed[from])
        let goal = action == "cancel by owner" ? "cancelled" : action
        let isAllowed = action == "new address" ? from == "pending" : moves.contains(goal)
        #expect(answer.status == (isAllowed ? 0 : 409), "\(from), \(action)")
        let isCancelled = isAllowed && goal == "cancelled"
        if isAllowed {
            #expect(answer.body["status"]?.string == (action == "new address" ? from : goal))
            #expect(after.events.count == before.events.count + 1)
        } else {
            let type = action == "new address" ? "address-fixed" : "illegal-transition"
            #expect(answer.body["type"]?.string == "urn:flotilla:problem:\(type)")
            #expect(answer.body["orderStatus"]?.string == from)
            #expect(answer.body["allowed"]?.array?.compactMap(\.string) == moves)
            #expect(after == before, "\(from), \(action)")
        }
        let isSold = !isCancelled && (["confirmed", "shipped", "delivered"].contains(from) || goal == "confirmed")
        #expect(
            after.stock == (isSold && from != "cancelled" ? "-1/0/1" : after.status == "pending" ? "-1/1/0" : "0/0/0"))
        let isPaid = from != "pending"
        #expect(after.money == (after.status == "cancelled" && isPaid ? "5998-5998" : isPaid ? "5998-0" : "0-0"))
        return [
            from, action, answer.status == 0 ? "2xx \(after.status)" : "\(answer.status)",
            answer.status == 0 ? "" : moves.isEmpty ? "none" : moves.joined(separator: " "),
            after.events.dropFirst(before.events.count).joined(separator: " "), before.stock, after.stock, before.money,
            after.money,
        ]
    }

    /// An order that came to its status as orders do: paid, and moved on by staff, or cancelled by its owner after that.
    private func order(in status: String, _ product: String, _ owner: String, _ market: Market) async throws -> String {
        let id = try await market.order(product, by: owner)
        guard status != "pending" else { return id }
        #expect(try await market.pay(id, by: owner).status == 0)
        try await market.fleet.until("the payment confirms the order") { try await market.status(id) == "confirmed" }
        try await market.settled(id)
        for step in ["shipped", "delivered"] where status == step || status == "delivered" {
            #expect(try await market.move(id, to: step).status == 0)
        }
        if status == "cancelled" {
            #expect(try await market.ask("orders.cancel", id, actor: owner).status == 0)
            try await market.settled(id)
        }
        return id
    }

    private func ask(_ action: String, _ id: String, _ owner: String, _ market: Market) async throws -> TestFleet.Answer
    {
        switch action {
        case "cancel by owner": try await market.ask("orders.cancel", id, actor: owner)
        case "new address":
            try await market.ask(
                "orders.address", id,
                #", "shippingAddress": {"street": "2 Quay", "city": "Ogdenville", "zipCode": "1", "country": "US"}"#,
                actor: owner)
        default: try await market.move(id, to: action)
        }
    }

    private struct Picture: Equatable {
        let status: String
        let document: [UInt8]
        let events: [String]
        let stock: String
        let money: String
    }

    private func picture(of id: String, _ market: Market) async throws -> Picture {
        let order = try await market.ask("orders.get", id)
        return Picture(
            status: order.body["status"]?.string ?? "", document: order.bytes, events: try await market.events(id),
            stock: try await market.stockMoved(by: id), money: try await market.money(of: id))
    }
}
