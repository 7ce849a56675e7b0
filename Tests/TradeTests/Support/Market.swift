import FleetTesting
import Foundation
import Inventory
import JSON
import NATS
import Orders
import Payments
import StripeTesting
import Testing
import Worker

/// Orders, inventory and payments with a Stripe simulator whose webhooks arrive: all that trade needs.
struct Market: Sendable {
    static let staff = "staff:0190aaaa-0000-7000-8000-0000000000aa"
    /// The price of every product, and the total of every order of one piece, in minor units of USD.
    static let price: Int64 = 5_998

    let fleet: TestFleet
    let stripe: StripeSide
    /// Of payments, for a test that runs it itself.
    let settings: PaymentsSettings

    /// - Parameters:
    ///   - others: workers that `body` runs itself, in place of those of this process.
    ///   - configure: what is otherwise with payments; by default all that is periodic comes soon.
    static func run<T: Sendable>(
        orders: OrdersSettings = OrdersSettings(), inventory: InventorySettings = InventorySettings(),
        others: [String] = [], _ configure: @Sendable (inout PaymentsSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (Market) async throws -> T
    ) async throws -> T {
        try await StripeSide.run { stripe in
            var settings = PaymentsSettings(stripe: stripe.client, webhookSecret: StripeSide.webhookSecret)
            settings.returnURL = "https://shop.test/done"
            settings.sweepEvery = .milliseconds(50)
            settings.checkAfter = .milliseconds(200)
            settings.quietTime = .milliseconds(900)
            configure(&settings)
            let configured = settings
            let workers = [Inventory.worker(inventory), Orders.worker(orders), Payments.worker(configured)]
            return try await TestFleet.run(workers.filter { !others.contains($0.name) }, others: others) { fleet in
                let market = Market(fleet: fleet, stripe: stripe, settings: configured)
                let result = try await WebhookGate.run({ try await market.webhook($0, signature: $1) }) { url in
                    try await stripe.sendWebhooks(to: url)
                    let result = try await body(market)
                    try await stripe.sendWebhooks(to: nil)
                    return result
                }
                // Whatever a test does, stock and money are what their ledgers add up to.
                #expect(try await fleet.sql("SELECT * FROM payments.ledger_discrepancies").isEmpty)
                #expect(
                    try await fleet.sql("SET search_path = inventory; SELECT * FROM stock_mismatches()").isEmpty)
                return result
            }
        }
    }

    static func customer() -> String { "customer:\(UUIDv7.next().text)" }

    // MARK: - Requests

    func webhook(_ body: [UInt8], signature: String) async throws -> Int {
        let reply = try await fleet.client.request(
            "payments.webhook", headers: [("Flotilla-Actor", "anonymous"), ("Stripe-Signature", signature)], body: body,
            timeout: .seconds(10))
        return reply.header("Nats-Service-Error-Code").flatMap { Int($0) } ?? 200
    }

    /// A new product; its id.
    func product(stock: Int = 1_000, price: String = "59.98", currency: String = "USD") async throws -> String {
        let sku = String(UUID().uuidString.prefix(18))
        let made = try await fleet.call(
            "inventory.products.create",
            #"{"sku": "\#(sku)", "name": "Mug", "price": \#(price), "currency": "\#(currency)", "stock": \#(stock)}"#,
            actor: Self.staff)
        return try #require(made.body["id"]?.string, "\(made.body)")
    }

    /// Places an order of one piece; its id.
    func order(_ product: String, by customer: String, key: String? = nil) async throws -> String {
        let made = try await fleet.call(
            "orders.create", #"{"items": [{"productId": "\#(product)", "quantity": 1}]}"#, actor: customer, key: key)
        return try #require(made.body["id"]?.string, "\(made.body)")
    }

    func pay(
        _ order: String, by customer: String, _ method: String = "pm_card_visa", key: String? = nil
    ) async throws -> TestFleet.Answer {
        try await fleet.call(
            "payments.create", #"{"orderId": "\#(order)", "amount": 59.98, "paymentMethodId": "\#(method)"}"#,
            actor: customer, key: key, timeout: .seconds(30))
    }

    func ask(_ subject: String, _ id: String, _ more: String = "", actor: String? = nil) async throws
        -> TestFleet.Answer
    {
        try await fleet.call(subject, #"{"id": "\#(id)"\#(more)}"#, actor: actor)
    }

    func move(_ order: String, to status: String) async throws -> TestFleet.Answer {
        try await ask("orders.status", order, #", "status": "\#(status)""#, actor: Self.staff)
    }

    // MARK: - What came of it

    func status(_ order: String) async throws -> String? {
        try await ask("orders.get", order).body["status"]?.string
    }

    /// `awaiting-payment`, `confirming`, `completed`, `compensating` or `compensated`.
    func saga(_ order: String) async throws -> String? {
        try await ask("orders.saga", order, actor: Self.staff).body["state"]?.string
    }

    /// Waits until nothing of the order's saga is outstanding.
    func settled(_ order: String) async throws {
        try await fleet.until("the saga of \(order) is through", within: .seconds(30)) {
            ["awaiting-payment", "completed", "compensated"].contains(try await saga(order) ?? "")
        }
    }

    /// The types of a schema's events of one aggregate, the earliest first.
    func events(_ aggregate: String, at worker: String = "orders") async throws -> [String] {
        try await fleet.sql(
            "SELECT type FROM \(worker).events WHERE aggregate_id = '\(aggregate)' ORDER BY version")
    }

    /// What the order did to the stock: available/reserved/sold.
    func stockMoved(by order: String) async throws -> String {
        try await fleet.sql(
            """
            SELECT sum(available) || '/' || sum(reserved) || '/' || sum(sold) FROM inventory.stock_ledger
            WHERE order_id = '\(order)'
            """
        ).first ?? ""
    }

    /// Minor units captured and given back for the order, by our own ledger: 5998-0.
    func money(of order: String) async throws -> String {
        try await fleet.sql(
            """
            SELECT coalesce(sum(b.captured), 0) || '-' || coalesce(sum(b.refunded), 0) FROM payments.payments p
            JOIN payments.payment_balances b ON b.payment_id = p.id WHERE p.order_id = '\(order)'
            """
        ).first ?? ""
    }

    func intent(of order: String) async throws -> StripeSide.Intent? {
        try await stripe.ledger().intents.first { $0.orderId == order }
    }
}
