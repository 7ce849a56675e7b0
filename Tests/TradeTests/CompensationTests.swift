import FleetTesting
import JSON
import NATS
import Orders
import Payments
import StripeTesting
import Testing

/// What becomes of money and stock when an order goes another way than its payment, with all three workers.
@Suite("Compensation")
struct CompensationTests {
    /// Participants are called soon, but not so often that calls are held back before they are there.
    private static func settings(paymentLimit: Duration = .seconds(1_800)) -> OrdersSettings {
        var settings = OrdersSettings(paymentLimit: paymentLimit)
        settings.stepLimit = .seconds(1)
        return settings
    }

    /// Payments do not look at Stripe by themselves while a test is running.
    private static func isDeaf(_ settings: inout PaymentsSettings) {
        settings.checkAfter = .seconds(3_600)
    }

    @Test("a payment that succeeds at Stripe after its order has expired goes back in full, and is voided once")
    func lateCapture() async throws {
        try await Market.run(orders: Self.settings(paymentLimit: .seconds(1)), Self.isDeaf) { market in
            let owner = Market.customer()
            let order = try await market.order(try await market.product(), by: owner)
            try await market.stripe.faults(
                """
                {"hold": {"count": 1, "afterEffect": true, "method": "POST", "path": "/v1/payment_intents"},
                 "webhooks": {"drop": 1000}}
                """)
            async let answer = market.pay(order, by: owner)
            try await market.fleet.until("Stripe has charged") { try await market.intent(of: order)?.captured == 5_998 }
            try await market.fleet.until("the order has expired") { try await market.status(order) == "cancelled" }
            try await market.stripe.release()
            #expect(try await answer.body["type"]?.string == "urn:flotilla:problem:order-not-payable")
            try await compensated("late capture", order, "payment-overdue", captured: 5_998, market)
        }
    }

    @Test(
        "an order that is paid after its stock was given back is cancelled for want of stock, and its money goes back")
    func outOfStock() async throws {
        try await Market.run(orders: Self.settings()) { market in
            let owner = Market.customer()
            let order = try await market.order(try await market.product(stock: 1), by: owner)
            #expect(try await market.fleet.call("inventory.release", #"{"orderId": "\#(order)"}"#).status == 0)
            #expect(try await market.pay(order, by: owner).status == 0)
            try await market.fleet.until("it is cancelled") { try await market.status(order) == "cancelled" }
            try await compensated("paid without stock", order, "out-of-stock", captured: 5_998, market)
            #expect(
                try await market.events(order) == ["ORDER_CREATED", "ORDER_STATUS_UPDATED", "ORDER_CANCELLED"])
        }
    }

    @Test("payments that are away when a paid order is cancelled give its money back when they are there again")
    func paymentsAway() async throws {
        try await Market.run(orders: Self.settings(), others: ["payments"]) { market in
            let (owner, order) = try await paidOrder(market)
            #expect(try await market.ask("orders.cancel", order, actor: owner).status == 0)
            try await calledInVain(order, market)
            #expect(try await market.intent(of: order)?.refunded == 0)
            try await market.fleet.run([Payments.worker(market.settings)]) {
                try await compensated("payments away", order, "requested", captured: 5_998, market)
            }
        }
    }

    @Test("payments that never get the cancellation's event are called for it until they have done their part")
    func lostEvent() async throws {
        try await Market.run(orders: Self.settings(), others: ["payments"]) { market in
            let (owner, order) = try await paidOrder(market)
            #expect(try await market.ask("orders.cancel", order, actor: owner).status == 0)
            try await calledInVain(order, market)
            try await market.fleet.until("the event is on its stream and gone from there") {
                try await market.fleet.sql("SELECT 1 FROM orders.events WHERE published_at IS NULL").isEmpty
            }
            _ = try await JetStream(market.fleet.client).purgeStream("ORDER_EVENTS")
            try await market.fleet.run([Payments.worker(market.settings)]) {
                try await compensated("event lost", order, "requested", captured: 5_998, market)
            }
            let applied = try await market.fleet.sql(
                "SELECT type FROM payments.deliveries WHERE aggregate_id = '\(order)' AND type = 'ORDER_CANCELLED'")
            #expect(applied.isEmpty, "the event came after all")
        }
    }

    @Test("3-D Secure that is passed after the order was cancelled, with payments away: the money goes back")
    func lateAuthentication() async throws {
        try await Market.run(orders: Self.settings(), others: ["payments"]) { market in
            let owner = Market.customer()
            let order = try await market.order(try await market.product(), by: owner)
            try await market.fleet.run([Payments.worker(market.settings)]) {
                #expect(
                    try await market.pay(order, by: owner, "pm_card_authenticationRequired").body["requiresAction"]?
                        .bool
                        == true)
                try await market.quiet()
            }
            #expect(try await market.ask("orders.cancel", order, actor: owner).status == 0)
            try await market.stripe.authenticate(try #require(try await market.intent(of: order)).id)
            #expect(try await market.intent(of: order)?.captured == 5_998)
            try await calledInVain(order, market)
            try await market.fleet.run([Payments.worker(market.settings)]) {
                try await compensated("late 3-D Secure", order, "requested", captured: 5_998, market)
            }
        }
    }

    // MARK: -

    private func paidOrder(_ market: Market) async throws -> (owner: String, order: String) {
        let owner = Market.customer()
        let order = try await market.order(try await market.product(), by: owner)
        try await market.fleet.run([Payments.worker(market.settings)]) {
            #expect(try await market.pay(order, by: owner).status == 0)
            try await market.fleet.until("it is confirmed") { try await market.status(order) == "confirmed" }
            try await market.settled(order)
            try await market.quiet()
        }
        return (owner, order)
    }

    private func calledInVain(_ order: String, _ market: Market) async throws {
        try await market.fleet.until("payments were called in vain") {
            try await market.fleet.sql(
                """
                SELECT 1 FROM orders.saga_steps WHERE order_id = '\(order)' AND step = 'void-payment'
                AND done_at IS NULL AND attempts >= 1 AND error LIKE '%payments%'
                """
            ).count == 1
        }
    }

    /// Waits for the end of the compensation: cancelled for `reason`, no stock held, all money back, told once. Prints it.
    private func compensated(
        _ what: String, _ order: String, _ reason: String, captured: Int64, _ market: Market
    ) async throws {
        try await market.fleet.until("it is compensated", within: .seconds(60)) {
            try await market.saga(order) == "compensated"
        }
        let history = try await market.ask("orders.history", order).body["events"]?.array
        #expect(history?.last?["reason"]?.string == reason)
        #expect(try await market.stockMoved(by: order) == "0/0/0")
        let intent = try #require(try await market.intent(of: order))
        #expect(intent.captured == captured && intent.refunded == captured)
        #expect(try await market.money(of: order) == "\(captured)-\(captured)")
        let told = try await market.events(order, at: "payments")
        #expect(told.filter { $0 == "PAYMENT_VOIDED" }.count == 1)
        let step = try await market.fleet.sql(
            """
            SELECT 'by ' || done_by || ' after ' || attempts || ' calls' FROM orders.saga_steps
            WHERE order_id = '\(order)' AND step = 'void-payment'
            """
        ).first
        print(
            "compensation, \(what): cancelled as \(reason); stock \(try await market.stockMoved(by: order)); "
                + "Stripe captured \(intent.captured), gave back \(intent.refunded); \(told.joined(separator: " ")); "
                + "voided \(step ?? "never")")
    }
}
