import Contracts
import FleetTesting
import Foundation
import JSON
import NATS
import Payments
import StripeTesting
import Synchronization
import Testing

/// The payments worker between a Stripe simulator and a stand-in for orders, on a real broker and database.
final class Till: Sendable {
    let fleet: TestFleet
    let stripe: StripeSide
    /// Of the worker, for a second one.
    let settings: PaymentsSettings
    private let orders = Mutex<[String: Order]>([:])

    struct Order: Sendable {
        var total = "59.98"
        var currency = "USD"
        var status = "pending"
    }

    static let customer = "0190aaaa-0000-7000-8000-000000000001"
    static let stranger = "0190aaaa-0000-7000-8000-000000000002"

    private init(fleet: TestFleet, stripe: StripeSide, settings: PaymentsSettings) {
        self.fleet = fleet
        self.stripe = stripe
        self.settings = settings
    }

    /// - Parameters:
    ///   - webhooks: whether the simulator's webhooks arrive.
    ///   - configure: by default nothing periodic happens within a test, so that what happens was asked for.
    static func run(
        webhooks: Bool = false, _ configure: @Sendable (inout PaymentsSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (Till) async throws -> Void
    ) async throws {
        try await StripeSide.run { stripe in
            var settings = PaymentsSettings(stripe: stripe.client, webhookSecret: StripeSide.webhookSecret)
            settings.returnURL = "https://shop.test/done"
            settings.sweepEvery = .seconds(3_600)
            configure(&settings)
            let configured = settings
            try await TestFleet.run([Payments.worker(configured)]) { fleet in
                let till = Till(fleet: fleet, stripe: stripe, settings: configured)
                try await till.serveOrders()
                if webhooks {
                    try await WebhookGate.run({ try await till.webhook($0, signature: $1) }) { url in
                        try await stripe.sendWebhooks(to: url)
                        try await body(till)
                        try await stripe.sendWebhooks(to: nil)
                    }
                } else {
                    try await body(till)
                }
                // Whatever a test does, ledger and books say the same.
                #expect(try await fleet.sql("SELECT * FROM payments.ledger_discrepancies").isEmpty)
            }
        }
    }

    /// What is periodic comes soon, for tests in which something happens by itself.
    static func fast(_ settings: inout PaymentsSettings) {
        settings.sweepEvery = .milliseconds(50)
        settings.checkAfter = .milliseconds(200)
        settings.quietTime = .milliseconds(900)
    }

    // MARK: - Orders

    /// A new order that the stand-in for orders knows; it belongs to `customer`.
    func order(_ order: Order = Order()) -> String {
        let id = UUIDv7.next().text
        orders.withLock { $0[id] = order }
        return id
    }

    private func serveOrders() async throws {
        let client = fleet.client
        _ = try await client.subscribe("orders.get", queue: "q") { [weak self] message in
            guard let self, let reply = message.reply else { return }
            let id = (try? JSONReader.parse(message.body))?["id"]?.string ?? ""
            let actor = message.header("Flotilla-Actor")
            let mayRead = actor == nil || actor == "customer:\(Self.customer)" || actor?.hasPrefix("staff:") == true
            if let order = orders.withLock({ $0[id] }), mayRead {
                try? client.publish(reply, body: Self.document(id, order))
            } else {
                let problem = #"{"type": "urn:flotilla:problem:order-not-found", "detail": "there is no order \#(id)"}"#
                try? client.publish(
                    reply,
                    headers: [("Nats-Service-Error", "Order not found"), ("Nats-Service-Error-Code", "404")],
                    body: Array(problem.utf8))
            }
        }
    }

    private static func document(_ id: String, _ order: Order) -> [UInt8] {
        Array(
            """
            {"id": "\(id)", "userId": "\(customer)", "items": [], "totalAmount": \(order.total),
             "currency": "\(order.currency)", "status": "\(order.status)"}
            """.utf8)
    }

    /// Publishes what orders tells when it creates and then cancels an order.
    func tellCancelled(_ id: String) async throws {
        try await tell(id, ["ORDER_CREATED", "ORDER_CANCELLED"])
        try await fleet.until("the cancellation arrived") {
            try await state(of: id) == "cancelled"
        }
    }

    /// Publishes the first events of an order.
    func tell(_ id: String, _ types: [String]) async throws {
        let stream = try #require(fleet.contracts.stream(named: "ORDER_EVENTS"))
        let aggregate = try #require(UUID(text: id))
        let jetStream = await JetStream(fleet.client)
        for (index, type) in types.enumerated() {
            let body = """
                {"eventType": "\(type)", "orderId": "\(id)", "userId": "\(Self.customer)", "totalAmount": 59.98,
                 "currency": "USD"}
                """
            _ = try await jetStream.publish(
                stream.subject(aggregateId: aggregate, type: type),
                headers: [
                    ("ce-id", UUIDv7.next().text), ("ce-type", type), ("ce-subject", id),
                    ("ce-sequence", String(index + 1)), ("ce-time", Timestamp.now().text),
                ],
                body: Array(body.utf8), timeout: .seconds(5))
        }
    }

    // MARK: - Requests

    func pay(
        _ order: String, _ method: String = "pm_card_visa", amount: String = "59.98", currency: String = "usd",
        key: String? = nil, actor: String? = "customer:\(customer)"
    ) async throws -> TestFleet.Answer {
        try await fleet.call(
            "payments.create",
            """
            {"orderId": "\(order)", "amount": \(amount), "currency": "\(currency)", "paymentMethodId": "\(method)"}
            """, actor: actor, key: key, timeout: .seconds(20))
    }

    /// As staff do it.
    func refund(
        _ payment: String, _ amount: String? = nil, key: String? = UUID().uuidString,
        actor: String? = "staff:\(stranger)"
    ) async throws -> TestFleet.Answer {
        try await fleet.call(
            "payments.refund", #"{"id": "\#(payment)"\#(amount.map { #", "amount": \#($0)"# } ?? "")}"#, actor: actor,
            key: key)
    }

    func void(_ order: String) async throws -> TestFleet.Answer {
        try await fleet.call("payments.void", #"{"orderId": "\#(order)"}"#)
    }

    /// - Returns: the HTTP status that the ingress would answer.
    @discardableResult
    func webhook(_ body: [UInt8], signature: String?) async throws -> Int {
        var headers: NATSHeaders = [("Flotilla-Actor", "anonymous")]
        if let signature, !signature.isEmpty { headers.append("Stripe-Signature", signature) }
        let reply = try await fleet.client.request(
            "payments.webhook", headers: headers, body: body, timeout: .seconds(10))
        return reply.header("Nats-Service-Error-Code").flatMap { Int($0) } ?? 200
    }

    // MARK: - What came of it

    /// The types of the order's events, in the order of their versions.
    func events(of order: String) async throws -> [String] {
        try await fleet.sql("SELECT type FROM payments.events WHERE aggregate_id = '\(order)' ORDER BY version")
    }

    func state(of order: String) async throws -> String? {
        try await fleet.sql("SELECT state FROM payments.order_accounts WHERE order_id = '\(order)'").first
    }

    /// The statuses of the order's payments, in the order of their attempts.
    func statuses(of order: String) async throws -> [String] {
        try await fleet.sql("SELECT status FROM payments.payments WHERE order_id = '\(order)' ORDER BY attempt")
    }

    /// The statuses of all refunds of the order, the earliest first.
    func refunds(of order: String) async throws -> [String] {
        try await fleet.sql(
            """
            SELECT r.amount || ' ' || r.status FROM payments.refunds r JOIN payments.payments p ON p.id = r.payment_id
            WHERE p.order_id = '\(order)' ORDER BY r.id
            """)
    }

    func intent(of order: String) async throws -> StripeSide.Intent? {
        try await stripe.ledger().intents.first { $0.orderId == order }
    }

    /// Whether the versions of all events have no gap and start at 1.
    func versionsAreGapless() async throws -> Bool {
        try await fleet.sql(
            """
            SELECT count(*) FROM (SELECT aggregate_id FROM payments.events GROUP BY aggregate_id
                                  HAVING max(version) <> count(*) OR min(version) <> 1) AS gaps
            """) == ["0"]
    }
}
