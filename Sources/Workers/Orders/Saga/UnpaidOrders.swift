import FoundationEssentials
import Worker

/// Cancels orders that nobody has paid in time. The order's own row is the timer: it survives restarts, and the row lock
/// gives each due order to one instance.
struct UnpaidOrders: Sendable {
    let transition: Transition

    private static let batch = 100
    private static let due: Statement = """
        SELECT id FROM orders WHERE status = 'pending' AND payment_due_at < now() ORDER BY payment_due_at LIMIT $1
        """

    /// Twice a second, so that an order is cancelled within a second of its time.
    var task: PeriodicTask {
        PeriodicTask("unpaid orders", every: .milliseconds(500)) { context in
            do { return try await cancelTogether(context) == Self.batch } catch {
                // Perhaps a command moved one of them this very moment. The others must not wait for it.
                try await cancelOneByOne(context)
                return false
            }
        }
    }

    /// - Returns: how many there were.
    @Reactor
    private func cancelTogether(_ context: Context) async throws -> Int {
        try await context.transact { effects in
            let rows = try await effects.query(OrderRow.claimUnpaid, .int(Self.batch))
            let steps = try rows.map {
                OrderStep(
                    try OrderRow.order($0), .cancelled(.paymentOverdue), participantsWithin: transition.stepLimit)
            }
            try await effects.batch(steps.flatMap(\.effects))
            for step in steps { try effects.append(step.event) }
            return rows.count
        }
    }

    @Reactor
    private func cancelOneByOne(_ context: Context) async throws {
        for row in try await context.query(Self.due, .int(Self.batch)) {
            let id = try row.uuid(0)
            do {
                try await context.transact { effects in
                    guard let row = try await effects.query(OrderRow.selectLocked, .uuid(id)).first else { return }
                    let order = try OrderRow.order(row)
                    guard order.status == .pending, order.paymentDueAt < .now() else { return }
                    try await transition.apply(to: order, .cancelled(.paymentOverdue), effects)
                }
            } catch {
                // It is found again.
                context.logger.warning(
                    "unpaid order not cancelled", metadata: ["order": "\(id.text)", "error": "\(error)"])
            }
        }
    }
}
