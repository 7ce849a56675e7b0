import JSON

/// An order as its customer remembers it.
struct PlacedOrder: Sendable {
    let id: String
    let customer: Customer
    let card: Card
    /// As the shop wrote it, `59.98`.
    let total: String
    let units: Int64

    /// Places an order for one to three products of the catalogue.
    static func place(
        by customer: Customer, from catalogue: [JSONValue], number: Int, card: Card, at shop: Shop
    ) async throws -> PlacedOrder {
        let lines = (0..<(1 + number % 3)).map { catalogue[(number * 7 + $0 * 13) % catalogue.count] }
        let unique = lines.reduce(into: [JSONValue]()) { kept, product in
            if !kept.contains(where: { $0["id"] == product["id"] }) { kept.append(product) }
        }
        let quantity = Int64(1 + number % 2)
        let body = JSONWriter.object { json in
            json.field("userId", customer.id)
            json.objects("items", unique) { json, product in
                json.field("productId", product["id"] ?? .null)
                json.field("quantity", quantity)
                json.field("price", product["price"] ?? .null)
            }
            json.object("shippingAddress") { json in
                json.field("street", "123 Test St")
                json.field("city", "Test City")
                json.field("state", "TS")
                json.field("zipCode", "12345")
                json.field("country", "US")
            }
        }
        let answer = try await shop.request(
            "order", "POST", "/orders", token: customer.token, body: body, isKeyed: true)
        guard answer.status == 201, let id = answer.body["id"]?.string,
            case .number(let total)? = answer.body["totalAmount"]
        else { throw Unexpected("order", answer) }
        return PlacedOrder(
            id: id, customer: customer, card: card, total: total.text, units: quantity * Int64(unique.count))
    }

    /// Pays it, through 3-D Secure where the card asks for it.
    func pay(at shop: Shop) async throws {
        let body = JSONWriter.object { json in
            json.field("orderId", id)
            json.key("amount")
            json.raw(total.utf8)
            json.field("currency", "USD")
            json.field("paymentMethodId", card.paymentMethod)
        }
        let answer = try await shop.request(
            "pay", "POST", "/payments", token: customer.token, body: body, isKeyed: true)
        switch (card, answer.status) {
        case (.good, 200), (.declined, 402): return
        case (.authenticated, 200), (.unauthenticated, 200):
            // A repeated request may find it paid already: then there is no button left to press.
            guard let secret = answer.body["clientSecret"]?.string else { return }
            try await shop.authenticate(clientSecret: secret, succeeding: card == .authenticated)
        default: throw Unexpected("pay with \(card.rawValue)", answer)
        }
    }

    /// Waits until it is what it must become; its last status.
    func finalStatus(at shop: Shop, within limit: Duration) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while true {
            let answer = try await shop.request("read", "GET", "/orders/\(id)", token: customer.token)
            let status = answer.body["status"]?.string ?? "\(answer.status)"
            if status == card.finalStatus || ContinuousClock.now > deadline { return status }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
