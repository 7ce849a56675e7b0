import FoundationEssentials
import Worker

/// The account of an order with all of its payments, read in one statement.
struct OrderBooks: Sendable {
    let account: Account
    let payments: [VoidPlan.Standing]

    /// For commits that check the account's revision, or hold its lock.
    static let select: Statement = """
        SELECT a.order_id, a.user_id, a.amount, a.currency, a.state, a.current_payment_id, a.failures, a.version,
               a.revision, a.voided_at IS NOT NULL,
               s.id, s.amount, s.status, s.cancel_wanted, s.refunded, s.refunding, s.disputed, s.is_settled
        FROM order_accounts a LEFT JOIN payment_standings s ON s.order_id = a.order_id
        WHERE a.order_id = $1
        """

    /// Nil when payments never heard of the order.
    init?(_ rows: Rows) throws {
        guard let first = rows.first else { return nil }
        account = try Account(first, voidedAt: 9)
        payments = try rows.compactMap { row in
            guard let id = try row.uuidOrNil(10) else { return nil }
            guard let status = PaymentStatus(rawValue: try row.text(12)) else {
                throw UnreadableRow(description: "the payment \(id.text) cannot be read")
            }
            return VoidPlan.Standing(
                id: id, amount: try row.int(11), status: status, cancelWanted: try row.bool(13),
                refunded: try row.int(14), refunding: try row.int(15), disputed: try row.int(16),
                isSettled: try row.bool(17))
        }
    }
}
