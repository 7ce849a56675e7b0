import FoundationEssentials
import Worker

/// Looks at reservations that have been held for long: an order that never came to be (its process ended between holding
/// the stock and writing the order) must not keep stock from others.
enum ReservationExpiry {
    private static let batch = 20

    /// Claims by moving the expiry on, so that a claim that is lost with its process comes due again.
    private static let claim: Statement = """
        UPDATE reservations SET expires_at = now() + interval '30 seconds'
        WHERE order_id IN (SELECT order_id FROM reservations WHERE state = 'held' AND expires_at < now()
                           ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING order_id, expires_at
        """
    private static let extend: Statement = """
        UPDATE reservations SET expires_at = now() + $2 * interval '1 microsecond' WHERE order_id = $1
        """

    static func task(extendingBy hold: Duration) -> PeriodicTask {
        PeriodicTask("reservation expiry", every: .seconds(1)) { context in
            let rows = try await context.query(claim, .int(batch))
            var failures = 0
            for row in rows {
                let (orderId, due) = (try row.uuid(0), try row.timestamp(1))
                do { try await look(at: orderId, due: due, extendingBy: hold, context) } catch {
                    // Comes due again; the others must not wait for it.
                    failures += 1
                    context.logger.warning(
                        "reservation not looked at", metadata: ["order": "\(orderId.text)", "error": "\(error)"])
                }
            }
            return rows.count == batch && failures == 0
        }
    }

    @Reactor
    private static func look(at orderId: UUID, due: Int64, extendingBy hold: Duration, _ context: Context) async throws
    {
        if try await isAlive(orderId, context) {
            let pause = (Timestamp(microseconds: 0) + hold).microseconds
            _ = try await context.query(extend, .uuid(orderId), .int(pause))
        } else {
            try await Settle.releaseExpired(orderId, due: due, context)
        }
    }

    /// Whether there is an order that still wants the stock.
    @Reactor
    private static func isAlive(_ orderId: UUID, _ context: Context) async throws -> Bool {
        do {
            let reply = try await context.call("orders.get", JSONWriter.object { $0.field("id", orderId) })
            guard case .object(let order) = try JSONReader.parse(reply) else { return true }
            return order["status"]?.string != "cancelled"
        } catch let error as ServiceError where error.status == 404 {
            return false
        }
    }
}
