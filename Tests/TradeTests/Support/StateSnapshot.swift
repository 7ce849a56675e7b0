import FleetTesting
import StripeTesting

/// All that orders, inventory, payments and Stripe hold, a fingerprint a table: two that are equal say that nothing changed.
struct StateSnapshot: Sendable {
    /// By table, such as `orders.events`; Stripe's ledger is `stripe`.
    private let fingerprints: [String: String]

    static let schemas = ["orders", "inventory", "payments"]

    /// The tables that are there now, so that a new one is watched as well.
    static func tables(_ fleet: TestFleet) async throws -> [String] {
        let list = schemas.map { "'\($0)'" }.joined(separator: ", ")
        return try await fleet.sql(
            """
            SELECT table_schema || '.' || table_name FROM information_schema.tables
            WHERE table_type = 'BASE TABLE' AND table_schema IN (\(list)) ORDER BY 1
            """)
    }

    /// - Parameter tables: to look at, in one statement and so at one moment.
    static func take(of tables: [String], _ market: Market) async throws -> StateSnapshot {
        let selects = tables.map {
            "SELECT '\($0)=' || md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM \($0) t"
        }
        var fingerprints: [String: String] = [:]
        for line in try await market.fleet.sql(selects.joined(separator: " UNION ALL ")) {
            let parts = line.split(separator: "=")
            if parts.count == 2 { fingerprints[String(parts[0])] = String(parts[1]) }
        }
        fingerprints["stripe"] = try await market.stripe.send("GET", "/sim/ledger")
        return StateSnapshot(fingerprints: fingerprints)
    }

    /// The tables that hold something else than in `other`, in the order of their names.
    func changes(since other: StateSnapshot) -> [String] {
        fingerprints.keys.filter { fingerprints[$0] != other.fingerprints[$0] }.sorted()
    }
}

extension Market {
    /// Waits until nothing is under way any more: all events are published and applied, all webhooks handled, all sagas through.
    func quiet() async throws {
        try await fleet.until("nothing is under way", within: .seconds(30)) { try await isQuiet() }
    }

    private func isQuiet() async throws -> Bool {
        let deliveries = [
            ("orders", "inventory:ORDER_EVENTS", "inventory"), ("orders", "payments:ORDER_EVENTS", "payments"),
            ("payments", "orders:PAYMENT_EVENTS", "orders"), ("inventory", "orders:INVENTORY_EVENTS", "orders"),
        ]
        let undelivered = deliveries.map { producer, consumer, at in
            """
            SELECT '\(consumer)' FROM \(producer).events e WHERE NOT EXISTS (
                SELECT FROM \(at).inbox i
                WHERE i.consumer = '\(consumer)' AND i.aggregate_id = e.aggregate_id AND i.version >= e.version)
            """
        }
        let open =
            StateSnapshot.schemas.map { "SELECT 'published' FROM \($0).events WHERE published_at IS NULL" }
            + undelivered
            + [
                "SELECT 'webhook' FROM payments.webhook_events WHERE handled_at IS NULL",
                "SELECT 'refund' FROM payments.refunds WHERE status = 'pending'",
                "SELECT 'saga' FROM orders.saga_steps WHERE done_at IS NULL",
                "SELECT 'alert' FROM inventory.stock_alerts",
            ]
        return try await fleet.sql(open.joined(separator: " UNION ALL ") + " LIMIT 1").isEmpty
    }
}
