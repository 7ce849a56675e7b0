import FoundationEssentials
import Stripe
import Worker

extension Cashier {
    /// Events come late and in any order: one that is behind what is known changes nothing.
    private static let upsertDispute: Statement = """
        INSERT INTO disputes (id, payment_id, amount, currency, reason, status, told_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE
        SET amount = excluded.amount, reason = excluded.reason, status = excluded.status, told_at = excluded.told_at,
            updated_at = now()
        WHERE (dispute_rank(disputes.status), disputes.told_at) <= (dispute_rank(excluded.status), excluded.told_at)
        """
    private static let selectCancelled: Statement = """
        SELECT a.order_id FROM payments p JOIN order_accounts a ON a.order_id = p.order_id
        WHERE p.id = $1 AND a.state = 'cancelled'
        """

    /// Takes a dispute into the books. What the bank has taken back of a cancelled order needs no refund any more; what
    /// it has returned does.
    ///
    /// - Parameter toldAt: when Stripe said so, in seconds since 1970.
    func record(_ dispute: StripeDispute, of paymentId: UUID, toldAt: Int64, _ context: Context) async throws {
        _ = try await context.query(
            Self.upsertDispute, .text(dispute.id), .uuid(paymentId), .int(dispute.amount),
            .text(dispute.currency.uppercased()), .text(dispute.reason), .text(dispute.status),
            .timestamp(Timestamp(seconds: toldAt).microseconds))
        guard let row = try await context.query(Self.selectCancelled, .uuid(paymentId)).first else { return }
        _ = try await void(row.uuid(0), context)
    }
}
