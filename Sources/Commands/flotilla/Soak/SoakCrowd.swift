import Foundation
import JSON
import LocalFleet

/// Customers and staff who do random things over HTTP.
struct SoakCrowd: Sendable {
    let shop: Shop
    let book: SoakBook
    let customers: [Customer]
    let products: [JSONValue]

    private static let cards = [
        "pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_visa_chargeDeclined",
        "pm_card_authenticationRequired",
    ]

    /// One operation; what came of it is in the book.
    func act() async {
        let operation = await book.nextOperation()
        do {
            guard let answer = try await perform(operation) else { return }
            await book.note(operation, answer.status, answer.body["detail"]?.string)
        } catch {
            await book.failed(operation, error)
        }
    }

    private func perform(_ operation: SoakOperation) async throws -> Shop.Answer? {
        switch operation {
        case .order: try await order()
        case .pay, .payAgain: try await pay()
        case .cancel: try await toOrder(.cancel, "POST", "cancel", nil)
        case .address: try await toOrder(.address, "PATCH", "address", Self.address)
        case .ship: try await move(to: "shipped")
        case .deliver: try await move(to: "delivered")
        case .refund: try await refund()
        case .read: try await toOrder(.read, "GET", "history", nil)
        case .restock: try await toProduct("POST", "restock", #"{"quantity": \#(await book.number(in: 1...50))}"#)
        case .adjust: try await adjust()
        case .price: try await toProduct("PATCH", nil, #"{"name": "Renamed \#(await book.number(in: 1...999))"}"#)
        }
    }

    private func order() async throws -> Shop.Answer {
        let customer = customers[await book.number(in: 0...customers.count - 1)]
        let count = await book.number(in: 1...3)
        let first = await book.number(in: 0...products.count - 1)
        let quantity = await book.number(in: 1...4)
        let items = (0..<min(count, products.count)).map { products[(first + $0 * 7) % products.count] }
        let unique = items.reduce(into: [JSONValue]()) { kept, item in if !kept.contains(item) { kept.append(item) } }
        let body = JSONWriter.object { json in
            json.objects("items", unique) { json, product in
                json.field("productId", product["id"] ?? .null)
                json.field("quantity", Int64(quantity))
            }
            json.field("currency", unique[0]["currency"] ?? "USD")
        }
        let answer = try await shop.request(
            "order", "POST", "/orders", token: customer.token, body: body, isKeyed: true)
        if answer.status == 201, let id = answer.body["id"]?.string,
            case .number(let total)? = answer.body["totalAmount"]
        {
            await book.remember(
                .init(
                    id: id, customer: customer, total: total.text, currency: answer.body["currency"]?.string ?? "USD"))
        }
        return answer
    }

    private func pay() async throws -> Shop.Answer? {
        guard let order = await book.anOrder() else { return nil }
        let card = Self.cards[await book.number(in: 0...Self.cards.count - 1)]
        let body = JSONWriter.object { json in
            json.field("orderId", order.id)
            json.key("amount")
            json.raw(order.total.utf8)
            json.field("currency", order.currency)
            json.field("paymentMethodId", card)
        }
        let answer = try await shop.request(
            "pay", "POST", "/payments", token: order.customer.token, body: body, isKeyed: true)
        await book.paid(order.id, by: answer.body["paymentId"]?.string)
        if let secret = answer.body["clientSecret"]?.string {
            // Some leave the page of the bank open.
            let choice = await book.number(in: 0...3)
            if choice > 0 { try? await shop.authenticate(clientSecret: secret, succeeding: choice > 1) }
        }
        return answer
    }

    private func refund() async throws -> Shop.Answer? {
        guard let order = await book.aPaidOrder(), let payment = order.paymentId else { return nil }
        let isPartial = await book.number(in: 0...2) > 0
        let body = isPartial ? #"{"amount": \#(await book.number(in: 1...9))}"# : "{}"
        return try await shop.request(
            "refund", "POST", "/payments/\(payment)/refunds", token: shop.fleet.staffToken, body: Array(body.utf8),
            isKeyed: true)
    }

    private func move(to status: String) async throws -> Shop.Answer? {
        guard let order = await book.aPaidOrder() else { return nil }
        return try await shop.request(
            "move", "PATCH", "/orders/\(order.id)/status", token: shop.fleet.staffToken,
            body: Array(#"{"status": "\#(status)"}"#.utf8))
    }

    private func adjust() async throws -> Shop.Answer {
        let quantity = await book.number(in: -20...20)
        return try await toProduct(
            "POST", "adjustments", #"{"quantity": \#(quantity == 0 ? 1 : quantity), "reason": "counted"}"#)
    }

    private static let address =
        #"{"shippingAddress": {"street": "1 Soak Rd", "city": "Leeds", "zipCode": "LS1", "country": "GB"}}"#

    private func toOrder(
        _ operation: SoakOperation, _ method: String, _ path: String, _ body: String?
    ) async throws -> Shop.Answer? {
        guard let order = await book.anOrder() else { return nil }
        return try await shop.request(
            operation.rawValue, method, "/orders/\(order.id)/\(path)", token: order.customer.token,
            body: body.map { Array($0.utf8) })
    }

    private func toProduct(_ method: String, _ path: String?, _ body: String) async throws -> Shop.Answer {
        let product = products[await book.number(in: 0...products.count - 1)]["id"]?.string ?? ""
        return try await shop.request(
            "catalogue", method, "/products/\(product)\(path.map { "/\($0)" } ?? "")", token: shop.fleet.staffToken,
            body: Array(body.utf8), isKeyed: path != nil)
    }
}
