import Contracts
import FleetTesting
import Foundation
import Inventory
import JSON
import NATS
import Orders
import Testing

/// Orders and inventory with two products, and what tests of orders ask and tell them.
struct Shop: Sendable {
    static let customer = "0190aaaa-0000-7000-8000-000000000001"
    static let stranger = "0190aaaa-0000-7000-8000-000000000002"
    static let staff = "staff:0190aaaa-0000-7000-8000-0000000000aa"
    static let anchor = "0190bbbb-0000-7000-8000-000000000001"
    static let bell = "0190bbbb-0000-7000-8000-000000000002"

    let fleet: TestFleet

    /// - Parameters:
    ///   - stock: of each product.
    ///   - instances: of orders.
    static func run<T: Sendable>(
        stock: Int = 1_000, settings: OrdersSettings = OrdersSettings(), instances: Int = 1,
        _ body: @escaping @Sendable (Shop) async throws -> T
    ) async throws -> T {
        let orders = (0..<instances).map { _ in Orders.worker(settings) }
        return try await TestFleet.run([Inventory.worker(InventorySettings(holdsPerCustomer: 0))] + orders) { fleet in
            let imported = try await fleet.call(
                "inventory.products.import",
                """
                {"products": [
                    {"id": "\(anchor)", "sku": "A-1", "name": "Iron anchor", "price": 29.99, "stock": \(stock)},
                    {"id": "\(bell)", "sku": "B-1", "name": "Brass bell", "price": 5.00, "stock": \(stock)}
                ]}
                """)
            #expect(imported.status == 0)
            return try await body(Shop(fleet: fleet))
        }
    }

    // MARK: - Requests

    /// Places an order and returns its id.
    func order(
        by user: String = Shop.customer, of product: String = Shop.anchor, quantity: Int = 1, to city: String? = nil
    ) async throws -> String {
        let address = city.map {
            #", "shippingAddress": {"street": "1 Quay", "city": "\#($0)", "zipCode": "12345", "country": "US"}"#
        }
        let answer = try await fleet.call(
            "orders.create",
            #"{"items": [{"productId": "\#(product)", "quantity": \#(quantity)}]\#(address ?? "")}"#,
            actor: "customer:\(user)")
        return try #require(answer.body["id"]?.string, "\(answer.body)")
    }

    func ask(_ subject: String, _ id: String, _ more: String = "", actor: String? = nil) async throws
        -> TestFleet.Answer
    {
        try await fleet.call(subject, #"{"id": "\#(id)"\#(more)}"#, actor: actor)
    }

    func move(_ id: String, to status: String) async throws -> TestFleet.Answer {
        try await ask("orders.status", id, #", "status": "\#(status)""#)
    }

    func status(_ id: String) async throws -> String? {
        try await ask("orders.get", id).body["status"]?.string
    }

    func saga(_ id: String) async throws -> JSONValue {
        try await ask("orders.saga", id, actor: Shop.staff).body
    }

    /// The state of one step of a saga; nil when there is no such step.
    func step(_ name: String, _ id: String) async throws -> JSONValue? {
        try await saga(id)["steps"]?.array?.first { $0["step"]?.string == name }
    }

    /// available/reserved/sold
    func stock(_ product: String = Shop.anchor) async throws -> String? {
        try await fleet.sql(
            "SELECT available || '/' || reserved || '/' || sold FROM inventory.products WHERE id = '\(product)'"
        ).first
    }

    func events(_ id: String) async throws -> String? {
        try await fleet.sql(
            "SELECT string_agg(type, ' ' ORDER BY version) FROM orders.events WHERE aggregate_id = '\(id)'"
        ).first
    }

    // MARK: - What payments would tell

    /// Puts an event on payments' stream, as payments does.
    func tell(_ type: String, _ id: String, version: Int = 1, _ members: String = "", at time: Date = Date())
        async throws
    {
        let stream = try #require(fleet.contracts.stream(named: "PAYMENT_EVENTS"))
        let subject = stream.subject(aggregateId: try #require(UUID(uuidString: id)), type: type)
        let text = ISO8601DateFormatter().string(from: time)
        try await fleet.until("the stream takes it") {
            let reply = try? await fleet.client.request(
                subject,
                headers: [
                    ("ce-id", UUID().uuidString.lowercased()), ("ce-type", type), ("ce-subject", id),
                    ("ce-sequence", "\(version)"), ("ce-time", text),
                ],
                body: Array(
                    #"{"eventType": "\#(type)", "orderId": "\#(id)"\#(members), "timestamp": "\#(text)"}"#.utf8),
                timeout: .seconds(1))
            return reply.map { String(decoding: $0.body, as: UTF8.self).contains("PAYMENT_EVENTS") } ?? false
        }
    }
}
