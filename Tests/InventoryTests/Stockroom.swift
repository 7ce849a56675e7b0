import FleetTesting
import Inventory
import JSON
import Orders
import Worker

/// A fleet with inventory in it, spoken to in the words of a shop.
struct Stockroom: Sendable {
    let fleet: TestFleet

    static let staff = "staff:0190dddd-0000-7000-8000-000000000001"
    static let customer = "0190aaaa-0000-7000-8000-000000000001"

    /// Runs `instances` of inventory, and orders beside them when asked to.
    static func run<T: Sendable>(
        _ settings: InventorySettings = InventorySettings(), instances: Int = 1, orders: Bool = false,
        _ body: @escaping @Sendable (Stockroom) async throws -> T
    ) async throws -> T {
        let workers = (0..<instances).map { _ in Inventory.worker(settings) } + (orders ? [Orders.worker()] : [])
        return try await TestFleet.run(workers) { try await body(Stockroom(fleet: $0)) }
    }

    static func product(_ number: Int) -> String { "0190bbbb-0000-7000-8000-\(padded(number))" }
    static func order(_ number: Int) -> String { "0190cccc-0000-7000-8000-\(padded(number))" }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }

    // MARK: - Requests

    func staff(_ subject: String, _ body: String, key: String? = nil) async throws -> TestFleet.Answer {
        try await fleet.call(subject, body, actor: Self.staff, key: key)
    }

    /// A product of 10.00 USD.
    func create(_ number: Int = 1, stock: Int, lowStockAt: Int = 10) async throws {
        let answer = try await staff(
            "inventory.products.create",
            """
            {"id": "\(Self.product(number))", "sku": "S-\(number)", "name": "Product \(number)", "price": 10.00,
             "stock": \(stock), "lowStockAt": \(lowStockAt)}
            """)
        guard answer.status == 0 else { throw TestFleetRefusal(answer) }
    }

    func reserve(
        order: Int, _ lines: [(product: Int, quantity: Int)] = [(1, 1)], userId: String? = nil, key: String? = nil
    ) async throws -> TestFleet.Answer {
        let items = lines.map { #"{"productId": "\#(Self.product($0.product))", "quantity": \#($0.quantity)}"# }
        let user = userId.map { #""userId": "\#($0)","# } ?? ""
        return try await fleet.call(
            "inventory.reserve",
            #"{"orderId": "\#(Self.order(order))", \#(user) "items": [\#(items.joined(separator: ","))]}"#, key: key)
    }

    func settle(_ subject: String, order: Int) async throws -> TestFleet.Answer {
        try await fleet.call("inventory.\(subject)", #"{"orderId": "\#(Self.order(order))"}"#)
    }

    func restock(_ number: Int = 1, _ quantity: Int, key: String? = nil) async throws -> TestFleet.Answer {
        try await staff(
            "inventory.products.restock", #"{"id": "\#(Self.product(number))", "quantity": \#(quantity)}"#, key: key)
    }

    func adjust(
        _ number: Int = 1, _ quantity: Int, _ reason: String, key: String? = nil
    ) async throws -> TestFleet.Answer {
        try await staff(
            "inventory.products.adjust",
            #"{"id": "\#(Self.product(number))", "quantity": \#(quantity), "reason": "\#(reason)"}"#, key: key)
    }

    func update(_ number: Int = 1, _ members: String) async throws -> TestFleet.Answer {
        try await staff("inventory.products.update", #"{"id": "\#(Self.product(number))", \#(members)}"#)
    }

    // MARK: - What the database says

    /// available/reserved/sold
    func stock(_ number: Int = 1) async throws -> String? {
        try await fleet.sql(
            """
            SELECT available || '/' || reserved || '/' || sold FROM inventory.products
            WHERE id = '\(Self.product(number))'
            """
        ).first
    }

    /// How many products have another stock than their ledger adds up to.
    func mismatches() async throws -> Int64? {
        try await fleet.call("inventory.stock.check", "{}").body["mismatches"]?.int64
    }

    /// The types of a product's events, in their order.
    func events(_ number: Int = 1) async throws -> [String] {
        try await fleet.sql(
            """
            SELECT type FROM inventory.events WHERE aggregate_id = '\(Self.product(number))' ORDER BY version
            """)
    }
}

struct TestFleetRefusal: Error, CustomStringConvertible {
    let description: String

    init(_ answer: TestFleet.Answer) {
        description = "\(answer.status) \(String(decoding: answer.bytes, as: UTF8.self))"
    }
}
