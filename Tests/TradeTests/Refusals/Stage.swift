import FleetTesting
import Foundation
import JSON
import Testing
import Worker

/// Products, orders and payments in every state that something is refused in. What is refused changes nothing, so that one stage
/// serves all.
struct Stage: Sendable {
    let owner = Market.customer()
    let stranger = Market.customer()
    /// Holds stock for as many orders as one may.
    let hoarder = Market.customer()
    let products: Products
    let orders: Orders
    let payments: Payments

    struct Products: Sendable {
        let mug, euro, gone, scarce: String
    }

    struct Orders: Sendable {
        let pending, confirmed, shipped, cancelled, paid, cheap: String
        /// Has a payment that waits for 3-D Secure.
        let waiting: String
    }

    struct Payments: Sendable {
        let paid, refunded, disputed, declined: String
    }

    static let holdsPerCustomer = 8

    /// The key of an order that was never written and whose stock was given back.
    static let expiredKey = "expired"
    /// A key that was used at an endpoint.
    static func usedKey(_ subject: String) -> String { "used-\(subject)" }

    init(_ market: Market) async throws {
        let mug = try await market.product()
        let gone = try await market.product()
        products = Products(
            mug: mug, euro: try await market.product(price: "10.00", currency: "EUR"), gone: gone,
            scarce: try await market.product(stock: 1))
        _ = try await Self.done(market, "inventory.products.update", #"{"id": "\#(gone)", "discontinued": true}"#)
        let cheap = try await market.product(price: "0.10")
        let owner = owner
        @Sendable func order(_ moves: String...) async throws -> String {
            let id = try await market.order(mug, by: owner)
            for move in moves { #expect(try await market.move(id, to: move).status == 0) }
            return id
        }
        @Sendable func paid(_ method: String, key: String? = nil) async throws -> (order: String, payment: String) {
            let id = try await market.order(mug, by: owner)
            let answer = try await market.pay(id, by: owner, method, key: key)
            return (id, try #require(answer.body["paymentId"]?.string, "\(answer.body)"))
        }
        let first = try await paid("pm_card_visa", key: Self.usedKey("payments.create"))
        orders = Orders(
            pending: try await order(), confirmed: try await order("confirmed"),
            shipped: try await order("confirmed", "shipped"), cancelled: try await order("cancelled"),
            paid: first.order, cheap: try await market.order(cheap, by: owner),
            waiting: try await paid("pm_card_authenticationRequired").order)
        payments = Payments(
            paid: first.payment, refunded: try await paid("pm_card_visa").payment,
            disputed: try await paid("pm_card_createDispute").payment,
            declined: try await paid("pm_card_chargeDeclined").payment)
        try await use(market)
        try await expire(market)
        for _ in 0..<Self.holdsPerCustomer { _ = try await market.order(mug, by: hoarder) }
    }

    /// What is asked under a key first; under the same key something else is refused.
    private func use(_ market: Market) async throws {
        for first in requestsUnderKeys where first.subject != "payments.create" {
            _ = try await Self.done(
                market, first.subject, first.body, by: first.actor, key: Self.usedKey(first.subject))
        }
    }

    struct KeyedRequest: Sendable {
        let subject: String
        let actor: String?
        let body: String
        let otherBody: String
    }

    var requestsUnderKeys: [KeyedRequest] {
        let mug = products.mug
        let product = UUIDv7.next().text
        func items(_ quantity: Int) -> String { #""items": [{"productId": "\#(mug)", "quantity": \#(quantity)}]"# }
        func pay(_ order: String) -> String {
            #"{"orderId": "\#(order)", "amount": 59.98, "paymentMethodId": "pm_card_visa"}"#
        }
        let reserved = "0190cccc-0000-7000-8000-000000000001"
        return [
            .init(subject: "orders.create", actor: owner, body: "{\(items(1))}", otherBody: "{\(items(2))}"),
            .init(
                subject: "inventory.reserve", actor: nil, body: #"{"orderId": "\#(reserved)", \#(items(1))}"#,
                otherBody: #"{"orderId": "\#(reserved)", \#(items(2))}"#),
            .init(
                subject: "inventory.products.create", actor: Market.staff,
                body: #"{"id": "\#(product)", "sku": "USED-1", "name": "Jug", "price": 1, "stock": 5}"#,
                otherBody: #"{"id": "\#(product)", "sku": "USED-2", "name": "Jug", "price": 1, "stock": 5}"#),
            .init(
                subject: "inventory.products.restock", actor: Market.staff,
                body: #"{"id": "\#(mug)", "quantity": 1}"#, otherBody: #"{"id": "\#(mug)", "quantity": 2}"#),
            .init(
                subject: "inventory.products.adjust", actor: Market.staff,
                body: #"{"id": "\#(mug)", "quantity": 1, "reason": "found"}"#,
                otherBody: #"{"id": "\#(mug)", "quantity": 2, "reason": "found"}"#),
            .init(
                subject: "payments.create", actor: owner, body: pay(orders.paid), otherBody: pay(orders.pending)),
            .init(
                subject: "payments.refund", actor: Market.staff, body: #"{"id": "\#(payments.refunded)"}"#,
                otherBody: #"{"id": "\#(payments.paid)"}"#),
        ]
    }

    /// Leaves what a worker leaves that was killed between the reservation and its own commit, long after.
    private func expire(_ market: Market) async throws {
        let id = try await market.order(products.mug, by: owner, key: Self.expiredKey)
        try await market.quiet()
        for table in [
            "orders.orders WHERE id", "orders.order_search WHERE order_id", "orders.order_addresses WHERE order_id",
        ] { _ = try await market.fleet.sql("DELETE FROM \(table) = '\(id)'") }
        _ = try await market.fleet.sql(
            "DELETE FROM orders.events WHERE aggregate_id = '\(id)'; "
                + "DELETE FROM orders.idempotency_keys WHERE key = '\(Self.expiredKey)'")
        _ = try await Self.done(market, "inventory.release", #"{"orderId": "\#(id)"}"#, by: nil)
    }

    private static func done(
        _ market: Market, _ subject: String, _ body: String, by actor: String? = Market.staff, key: String? = nil
    ) async throws -> TestFleet.Answer {
        let answer = try await market.fleet.call(subject, body, actor: actor, key: key)
        try #require(answer.status == 0, "\(subject): \(answer.body)")
        return answer
    }
}
