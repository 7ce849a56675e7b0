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
        RETURNING order_id
        """
    private static let extend: Statement = """
        UPDATE reservations SET expires_at = now() + $2 * interval '1 microsecond' WHERE order_id = $1
        """

    static func task(extendingBy hold: Duration) -> PeriodicTask {
        PeriodicTask("reservation expiry", every: .seconds(1)) { context in
            let rows = try await context.query(claim, .int(batch))
            for row in rows {
                let orderId = try row.uuid(0)
                if try await isAlive(orderId, context) {
                    let pause = (Timestamp(microseconds: 0) + hold).microseconds
                    _ = try await context.query(extend, .uuid(orderId), .int(pause))
                } else {
                    _ = try await Settle.settle(orderId, .released, context)
                }
            }
            return rows.count == batch
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
