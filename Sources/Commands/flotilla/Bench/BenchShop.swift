import JSON
import NATS
import Reactor

/// What the workloads buy, who buys it, and the orders that are read.
@Reactor
final class BenchShop {
    struct Product {
        let id: String
        let name: String
        /// In minor units, and as JSON has it.
        let price: (minor: Int64, text: String)
    }

    private(set) var products: [Product] = []
    private(set) var customers: [String] = []
    private var orders: [(id: String, owner: String)] = []
    private var isOrderListFull = false
    private var visits = 0
    private let nats: NATSConnection

    /// Nobody pays here, and inventory holds stock for a few unpaid orders of a customer only.
    private static let ordersOfCustomer = 10
    private static let crowd = 50_000

    nonisolated init(nats: NATSConnection) {
        self.nats = nats
    }

    /// Brings products with stock for any run, and customers.
    func open() async throws {
        products = (1...1_000).map { number in
            Product(
                id: UUIDv7.next().text, name: "Product \(number)",
                price: (
                    Int64(number / 10 + 1) * 100 + Int64(number % 10) * 10 + 9, "\(number / 10 + 1).\(number % 10)9"
                ))
        }
        let body = JSONWriter.object { json in
            json.objects("products", products.indices) { json, index in
                json.field("id", products[index].id)
                json.field("sku", "BENCH-\(products[index].id)")
                json.field("name", products[index].name)
                json.field("price", minorUnits: products[index].price.minor, scale: 2)
                json.field("stock", 100_000_000)
            }
        }
        let reply = try await nats.request("inventory.products.import", body: body, timeout: .seconds(10))
        if let refusal = reply.header("Nats-Service-Error") {
            throw CommandFailure(.internal, "the products were refused: \(refusal)")
        }
        registerCustomers()
    }

    /// From now on reads ask for these orders, whatever else is created.
    func read(_ orders: [(id: String, owner: String)]) {
        self.orders = orders
        isOrderListFull = true
    }

    private func registerCustomers() {
        customers = (0..<Self.crowd).map { _ in UUIDv7.next().text }.shuffled()
    }

    private func nextCustomer() -> String {
        if visits == customers.count * Self.ordersOfCustomer {
            visits = 0
            registerCustomers()
        }
        visits += 1
        return customers[visits % customers.count]
    }

    // MARK: - Requests

    func newOrder() -> ClosedLoop.Request {
        let count = Int.random(in: 1...3)
        var chosen: Set<Int> = []
        while chosen.count < count { chosen.insert(Int.random(in: 0..<products.count)) }
        let lines = chosen.map { index in
            let product = products[index]
            return
                #"{"productId":"\#(product.id)","quantity":\#(Int.random(in: 1...3)),"price":\#(product.price.text)}"#
        }
        return .init(
            subject: "orders.create", actor: "customer:\(nextCustomer())", key: UUIDv7.next().text,
            body: Array(#"{"items":[\#(lines.joined(separator: ","))]}"#.utf8))
    }

    /// Remembers a created order, to be read later.
    func note(_ order: [UInt8]) {
        guard !isOrderListFull, orders.count < 10_000, let order = try? JSONReader.parse(order),
            let id = order["id"]?.string, let owner = order["userId"]?.string
        else { return }
        orders.append((id, owner))
    }

    func readOrder() -> ClosedLoop.Request {
        guard let order = orders.randomElement() else { return .init(subject: "orders.get") }
        return .init(
            subject: "orders.get", actor: "customer:\(order.owner)", body: Array(#"{"id":"\#(order.id)"}"#.utf8))
    }
}
