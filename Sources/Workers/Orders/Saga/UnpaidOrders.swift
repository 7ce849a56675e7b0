import Worker

/// Cancels orders that nobody has paid in time. The order's own row is the timer: it survives restarts, and the version
/// check makes it fire once, whichever instance finds it first.
enum UnpaidOrders {
    private static let batch = 50
    private static let due: Statement = """
        SELECT document, version FROM orders WHERE status = 'pending' AND payment_due_at < now()
        ORDER BY payment_due_at LIMIT $1
        """

    static let task = PeriodicTask("unpaid orders", every: .seconds(1)) { context in
        let rows = try await context.query(due, .int(batch))
        var failures = 0
        for row in rows {
            do {
                let order = try OrderRow.order(row).becoming(.cancelled, at: .now())
                try await context.commit([OrderRow.update(order)], events: [order.event(reason: .paymentOverdue)])
            } catch is VersionConflict {
                // It was paid or cancelled this very moment, or another instance was first.
            } catch {
                // It is found again; the others must not wait for it.
                failures += 1
                context.logger.warning("unpaid order not cancelled", metadata: ["error": "\(error)"])
            }
        }
        return rows.count == batch && failures == 0
    }
}
