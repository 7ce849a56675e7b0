import FleetTesting
import Foundation
import Inventory
import JSON
import NATS
import Orders
import Synchronization
import Testing

@Suite("Orders")
struct OrdersTests {
    private let customer = "0190aaaa-0000-7000-8000-000000000001"
    private let stranger = "0190aaaa-0000-7000-8000-000000000002"
    private let product = "0190bbbb-0000-7000-8000-000000000001"
    private let other = "0190bbbb-0000-7000-8000-000000000002"

    /// Two products: `product` at 29.99 with `stock` units, `other` at 5.00 with 100.
    private func withShop<T: Sendable>(
        stock: Int = 100, settings: OrdersSettings = OrdersSettings(),
        _ body: @escaping @Sendable (TestFleet) async throws -> T
    ) async throws -> T {
        let (product, other) = (product, other)
        return try await TestFleet.run([Inventory.worker(), Orders.worker(settings)]) { fleet in
            let imported = try await fleet.call(
                "inventory.products.import",
                """
                {"products": [
                    {"id": "\(product)", "sku": "A-1", "name": "Anchor", "price": 29.99, "stock": \(stock)},
                    {"id": "\(other)", "sku": "B-1", "name": "Bell", "price": 5.00, "stock": 100}
                ]}
                """)
            #expect(imported.status == 0)
            return try await body(fleet)
        }
    }

    private func body(_ quantity: Int = 2, price: String = "29.99", product: String? = nil) -> String {
        """
        {"userId": "\(customer)", "items": [{"productId": "\(product ?? self.product)", "quantity": \(quantity), "price": \(price)}],
         "shippingAddress": {"street": "123 Test St", "city": "Test City", "state": "TS", "zipCode": "12345", "country": "US"}}
        """
    }

    private func stock(_ fleet: TestFleet, _ id: String? = nil) async throws -> [String] {
        try await fleet.sql(
            "SELECT available || '/' || reserved || '/' || sold FROM inventory.products WHERE id = '\(id ?? product)'")
    }

    @Test("an order holds its stock, takes the catalogue's name and total, and is read back byte for byte")
    func createAndGet() async throws {
        try await withShop { fleet in
            let order = try await fleet.call("orders.create", body())
            #expect(order.status == 0)
            #expect(order.body["status"]?.string == "pending")
            #expect(order.body["totalAmount"] == .number(JSONNumber(text: "59.98")!))
            #expect(order.body["items"]?.array?.first?["name"]?.string == "Anchor")
            let id = try #require(order.body["id"]?.string)
            #expect(try await fleet.call("orders.get", #"{"id": "\#(id)"}"#).bytes == order.bytes)
            #expect(try await stock(fleet) == ["98/2/0"])
        }
    }

    @Test("the events of an order are on its stream, in order, with the headers that CloudEvents names")
    func events() async throws {
        try await withShop { fleet in
            let seen = Seen()
            _ = try await fleet.client.subscribe("order-events.>") { message in
                seen.add(message.subject, message.header("ce-type") ?? "-", message.header("ce-sequence") ?? "-")
            }
            let id = try #require(try await fleet.call("orders.create", body()).body["id"]?.string)
            #expect(try await fleet.call("orders.cancel", #"{"id": "\#(id)"}"#).status == 0)
            try await fleet.until("both events came") { seen.all.count == 2 }
            #expect(seen.all.map(\.type) == ["ORDER_CREATED", "ORDER_CANCELLED"])
            #expect(seen.all.map(\.sequence) == ["1", "2"])
            #expect(seen.all.allSatisfy { $0.subject.contains(".\(id).") })
            try await fleet.until("they are marked published") {
                try await fleet.sql("SELECT count(*) FROM orders.events WHERE published_at IS NULL") == ["0"]
            }
        }
    }

    @Test(
        "a refused order says why and changes nothing",
        arguments: [
            (#"{"items": []}"#, 400, "validation"),
            (#"{"items": [{"productId": "x", "quantity": 0, "price": -1}]}"#, 400, "validation"),
            (#"not json"#, 400, "malformed-json"),
            (
                #"{"userId": "0190aaaa-0000-7000-8000-000000000001", "items": [{"productId": "0190bbbb-0000-7000-8000-00000000ffff", "quantity": 1}]}"#,
                422, "unknown-product"
            ),
            (
                #"{"userId": "0190aaaa-0000-7000-8000-000000000001", "items": [{"productId": "0190bbbb-0000-7000-8000-000000000001", "quantity": 1, "price": 1.00}]}"#,
                409, "price-changed"
            ),
            (
                #"{"userId": "0190aaaa-0000-7000-8000-000000000001", "items": [{"productId": "0190bbbb-0000-7000-8000-000000000001", "quantity": 101}]}"#,
                409, "out-of-stock"
            ),
            (
                #"{"userId": "0190aaaa-0000-7000-8000-000000000001", "items": [{"productId": "0190bbbb-0000-7000-8000-000000000001", "quantity": 1}], "surprise": true}"#,
                400, "validation"
            ),
            (#"{"items": [{"productId": "0190bbbb-0000-7000-8000-000000000001", "quantity": 1}]}"#, 400, "validation"),
        ])
    func refusals(_ body: String, _ status: Int, _ type: String) async throws {
        try await withShop { fleet in
            let answer = try await fleet.call("orders.create", body)
            #expect(answer.status == status)
            #expect(answer.body["type"]?.string == "urn:flotilla:problem:\(type)")
            #expect(try await stock(fleet) == ["100/0/0"])
            #expect(try await fleet.sql("SELECT count(*) FROM orders.orders") == ["0"])
            #expect(try await fleet.sql("SELECT count(*) FROM inventory.reservations") == ["0"])
        }
    }

    @Test("an order of several products holds all or none")
    func allOrNone() async throws {
        try await withShop(stock: 1) { fleet in
            let both =
                #"{"userId": "\#(customer)", "items": [{"productId": "\#(other)", "quantity": 1}, {"productId": "\#(product)", "quantity": 2}]}"#
            let answer = try await fleet.call("orders.create", both)
            #expect(answer.status == 409)
            #expect(answer.body["errors"]?.array?.first?["pointer"]?.string == "/items/1")
            #expect(try await stock(fleet, other) == ["100/0/0"])
        }
    }

    @Test("fifty buyers of one unit: one gets it, and nobody sees a fault")
    func noOversell() async throws {
        try await withShop(stock: 1) { fleet in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await fleet.call("orders.create", body(1)).status } }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [0: 1, 409: 49])
            #expect(try await stock(fleet) == ["0/1/0"])
        }
    }

    @Test("a customer sees and cancels its own orders only")
    func ownership() async throws {
        try await withShop { fleet in
            let (customer, stranger) = ("customer:\(customer)", "customer:\(stranger)")
            let order = try await fleet.call("orders.create", body(), actor: customer)
            let id = #"{"id": "\#(try #require(order.body["id"]?.string))"}"#
            #expect(try await fleet.call("orders.get", id, actor: customer).status == 0)
            #expect(try await fleet.call("orders.get", id, actor: stranger).status == 404)
            #expect(try await fleet.call("orders.cancel", id, actor: stranger).status == 404)
            #expect(try await fleet.call("orders.get", id, actor: "anonymous").status == 401)
            #expect(try await fleet.call("orders.create", body(), actor: stranger).status == 403)
            #expect(try await fleet.call("orders.status", id, actor: customer).status == 403)
            #expect(try await fleet.call("orders.get", id, actor: "customer:nobody").status == 400)
        }
    }

    @Test("only the allowed moves are made; a refused one names them")
    func transitions() async throws {
        try await withShop { fleet in
            let id = try #require(try await fleet.call("orders.create", body()).body["id"]?.string)
            func move(_ status: String) async throws -> TestFleet.Answer {
                try await fleet.call("orders.status", #"{"id": "\#(id)", "status": "\#(status)"}"#)
            }
            let refused = try await move("shipped")
            #expect(refused.status == 409)
            #expect(refused.body["allowed"] == .array([.string("confirmed"), .string("cancelled")]))
            for status in ["confirmed", "shipped", "delivered"] {
                #expect(try await move(status).body["status"]?.string == status)
            }
            #expect(try await move("cancelled").status == 409)
            try await fleet.until("the stock is sold") { try await stock(fleet) == ["98/0/2"] }
        }
    }

    @Test("a cancelled order gives its stock back, also after it was confirmed")
    func cancelGivesBack() async throws {
        try await withShop { fleet in
            for isConfirmed in [false, true] {
                let id = try #require(try await fleet.call("orders.create", body()).body["id"]?.string)
                if isConfirmed {
                    _ = try await fleet.call("orders.status", #"{"id": "\#(id)", "status": "confirmed"}"#)
                    try await fleet.until("it is sold") { try await stock(fleet) == ["98/0/2"] }
                }
                #expect(try await fleet.call("orders.cancel", #"{"id": "\#(id)"}"#).status == 0)
                try await fleet.until("it is back") { try await stock(fleet) == ["100/0/0"] }
            }
        }
    }

    @Test("the same idempotency key and body give the same order; another body is refused")
    func idempotency() async throws {
        try await withShop { fleet in
            let first = try await fleet.call("orders.create", body(), key: "k-1")
            let again = try await fleet.call("orders.create", body(), key: "k-1")
            #expect(first.status == 0)
            #expect(again.bytes == first.bytes)
            #expect(try await fleet.call("orders.create", body(3), key: "k-1").status == 422)
            #expect(try await fleet.sql("SELECT count(*) FROM orders.orders") == ["1"])
            #expect(try await stock(fleet) == ["98/2/0"])
        }
    }

    /// Leaves the state of a worker that was killed between the reservation and its own commit.
    private func loseOrders(_ fleet: TestFleet) async throws {
        _ = try await fleet.sql(
            "TRUNCATE orders.orders, orders.events, orders.idempotency_keys, orders.order_addresses, orders.order_search"
        )
    }

    @Test("a key whose order was never written orders what it reserved, and nothing else")
    func repeatedAfterCrash() async throws {
        try await withShop { fleet in
            let first = try await fleet.call("orders.create", body(), key: "k-3")
            try await loseOrders(fleet)
            let changed = try await fleet.call("orders.create", body(3), key: "k-3")
            #expect(changed.status == 422)
            #expect(changed.body["type"]?.string == "urn:flotilla:problem:idempotency-key-reused")
            let again = try await fleet.call("orders.create", body(), key: "k-3")
            #expect(again.status == 0)
            #expect(again.body["id"] == first.body["id"])
            #expect(try await stock(fleet) == ["98/2/0"])
        }
    }

    @Test("a key whose stock was given back makes no order without stock")
    func repeatedTooLate() async throws {
        try await withShop { fleet in
            let first = try await fleet.call("orders.create", body(), key: "k-4")
            let id = try #require(first.body["id"]?.string)
            try await loseOrders(fleet)
            #expect(try await fleet.call("inventory.release", #"{"orderId": "\#(id)"}"#).status == 0)
            let late = try await fleet.call("orders.create", body(), key: "k-4")
            #expect(late.status == 409)
            #expect(late.body["type"]?.string == "urn:flotilla:problem:reservation-expired")
            #expect(try await fleet.sql("SELECT count(*) FROM orders.orders") == ["0"])
            #expect(try await stock(fleet) == ["100/0/0"])
        }
    }

    @Test("the reply to a key stays what it was when its order is cancelled later")
    func repeatedAfterCancel() async throws {
        try await withShop { fleet in
            let first = try await fleet.call("orders.create", body(), key: "k-5")
            let id = try #require(first.body["id"]?.string)
            #expect(try await fleet.call("orders.cancel", #"{"id": "\#(id)"}"#).status == 0)
            try await fleet.until("the stock is back") { try await stock(fleet) == ["100/0/0"] }
            #expect(try await fleet.call("orders.create", body(), key: "k-5").bytes == first.bytes)
            #expect(try await stock(fleet) == ["100/0/0"])
        }
    }

    @Test("twenty at once under one idempotency key make one order and hold its stock once")
    func idempotencyAtOnce() async throws {
        try await withShop(stock: 2) { fleet in
            let bodies = try await withThrowingTaskGroup(of: TestFleet.Answer.self) { group in
                for _ in 0..<20 { group.addTask { try await fleet.call("orders.create", body(), key: "k-2") } }
                return try await group.reduce(into: [TestFleet.Answer]()) { $0.append($1) }
            }
            let good = bodies.filter { $0.status == 0 }
            #expect(Set(good.compactMap { $0.body["id"]?.string }).count == 1)
            // In flight at the same moment, some may be told to come back.
            #expect(
                bodies.allSatisfy {
                    $0.status == 0 || $0.body["type"]?.string == "urn:flotilla:problem:idempotency-in-flight"
                })
            #expect(try await fleet.sql("SELECT count(*) FROM orders.orders") == ["1"])
            #expect(try await stock(fleet) == ["0/2/0"])
        }
    }

    @Test("an order that nobody pays in time is cancelled, once, and its stock is back")
    func paymentDeadline() async throws {
        try await withShop(settings: OrdersSettings(paymentLimit: .milliseconds(200))) { fleet in
            let id = try #require(try await fleet.call("orders.create", body()).body["id"]?.string)
            try await fleet.until("it is cancelled") {
                try await fleet.call("orders.get", #"{"id": "\#(id)"}"#).body["status"]?.string == "cancelled"
            }
            try await fleet.until("the stock is back") { try await stock(fleet) == ["100/0/0"] }
            #expect(
                try await fleet.sql("SELECT string_agg(type, ' ' ORDER BY version) FROM orders.events") == [
                    "ORDER_CREATED ORDER_CANCELLED"
                ])
        }
    }
}

/// Messages as a subscriber saw them.
private final class Seen: Sendable {
    private let messages = Mutex<[(subject: String, type: String, sequence: String)]>([])

    var all: [(subject: String, type: String, sequence: String)] { messages.withLock { $0 } }

    func add(_ subject: String, _ type: String, _ sequence: String) {
        messages.withLock { $0.append((subject, type, sequence)) }
    }
}
