import FleetTesting
import Foundation
import JSON
import NATS
import StripeTesting
import Testing

/// Payment windows that close while real processes of workers are up, or are not.
@Suite("Expiring orders")
struct ExpiryTests {
    private static let instances = 3
    /// Seconds; long enough to place all orders and to kill within it.
    private static let window = 8

    @Test(
        "orders are cancelled within a second of their time, once, and so they are by workers that were killed meanwhile"
    )
    func table() async throws {
        var table = PrintedTable([
            "killed before, started after", "orders", "latest after time or start", "cancelled", "stock", "3-D Secure",
        ])
        for (killed, count) in [([], 50), (["orders"], 20), (["orders", "inventory"], 20)] {
            table.add(
                try await Market.run(others: ["orders", "inventory"]) { try await row(killed, orders: count, $0) })
        }
        print(table.text)
    }

    /// - Parameter killed: workers all of whose instances are down while the window closes.
    private func row(_ killed: [String], orders count: Int, _ market: Market) async throws -> [String] {
        let processes = Processes(market)
        do {
            let cells = try await row(killed, orders: count, market, processes)
            await processes.end(["orders", "inventory"])
            return cells
        } catch {
            await processes.end(["orders", "inventory"])
            throw error
        }
    }

    private func row(
        _ killed: [String], orders count: Int, _ market: Market, _ processes: Processes
    ) async throws -> [String] {
        let sql = market.fleet.sql
        try await processes.start(["orders", "inventory"])
        let waiting = try await place(count, market)
        #expect(try await sql("SELECT status, count(*) FROM orders.orders GROUP BY 1") == ["pending|\(count)"])
        await processes.end(killed)
        if !killed.isEmpty {
            try await market.fleet.until("the window of all orders has closed", within: .seconds(30)) {
                try await sql("SELECT max(payment_due_at) < clock_timestamp() FROM orders.orders") == ["t"]
            }
            #expect(try await sql("SELECT status, count(*) FROM orders.orders GROUP BY 1") == ["pending|\(count)"])
        }
        let begun = try await sql("SELECT clock_timestamp()")[0]
        try await processes.start(killed)
        let ready = try await sql("SELECT clock_timestamp()")[0]
        try await market.fleet.until("all orders are cancelled", within: .seconds(30)) {
            try await sql("SELECT status, count(*) FROM orders.orders GROUP BY 1") == ["cancelled|\(count)"]
        }
        try await market.quiet()
        let events = try await sql(
            "SELECT count(*), count(DISTINCT aggregate_id) FROM orders.events WHERE type = 'ORDER_CANCELLED'")
        #expect(events == ["\(count)|\(count)"])
        func latest(since moment: String) async throws -> String {
            try await sql(
                """
                SELECT greatest(0, round(extract(epoch FROM max(
                           e.created_at - greatest(o.payment_due_at, '\(moment)')) * 1000)))
                  FROM orders.events e JOIN orders.orders o ON o.id = e.aggregate_id WHERE e.type = 'ORDER_CANCELLED'
                """)[0]
        }
        #expect(try #require(Int(try await latest(since: ready))) < 1_000)
        let stock = try await sql("SELECT available || '/' || reserved || '/' || sold FROM inventory.products")[0]
        #expect(stock == "1000/0/0")
        let intent = try #require(try await market.intent(of: waiting))
        #expect(intent.status == "canceled" && intent.captured == 0)
        #expect(try await market.events(waiting, at: "payments") == ["PAYMENT_ACTION_REQUIRED", "PAYMENT_VOIDED"])
        return [
            killed.isEmpty ? "nobody" : killed.joined(separator: " and "), "\(count)",
            "\(try await latest(since: begun)) ms",
            "\(count), once each",
            stock, "\(intent.status) at Stripe",
        ]
    }

    /// Places orders of one product; one of them has a payment that waits for 3-D Secure.
    ///
    /// - Returns: that one.
    private func place(_ count: Int, _ market: Market) async throws -> String {
        let product = try await market.product()
        let owner = Market.customer()
        let waiting = try await market.order(product, by: owner)
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 1..<count {
                group.addTask { _ = try await market.order(product, by: Market.customer()) }
            }
        }
        _ = try await market.pay(waiting, by: owner, "pm_card_authenticationRequired")
        try await market.fleet.until("the payer is given time for 3-D Secure") {
            try await market.events(waiting).count == 2
        }
        // A quarter of an hour: nobody waits for that. The row is the timer.
        _ = try await market.fleet.sql(
            """
            UPDATE orders.orders o SET payment_due_at = (SELECT max(payment_due_at) FROM orders.orders WHERE id <> o.id)
            WHERE id = '\(waiting)'
            """)
        return waiting
    }

    /// The processes of orders, three of them, and of inventory.
    private actor Processes {
        private let market: Market
        private var running: [String: [WorkerProcess]] = [:]

        init(_ market: Market) { self.market = market }

        /// Returns when an instance of each answers.
        func start(_ workers: [String]) async throws {
            for worker in workers {
                let count = worker == "orders" ? ExpiryTests.instances : 1
                for number in 1...count {
                    let process = try await WorkerProcess.start(
                        worker, number, of: market.fleet,
                        environment: ["FLOTILLA_PAYMENT_LIMIT_S": "\(ExpiryTests.window)"])
                    running[worker, default: []].append(process)
                }
            }
            for worker in workers { try await market.fleet.untilReady(worker) }
        }

        /// Kills all instances, as `kill -9` does.
        func end(_ workers: [String]) async {
            for worker in workers {
                for process in running.removeValue(forKey: worker) ?? [] { await process.kill() }
            }
        }
    }
}
