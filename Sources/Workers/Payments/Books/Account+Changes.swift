import FoundationEssentials
import Worker

extension Account {
    private static let updateStatement: Statement = """
        UPDATE order_accounts
        SET revision = CASE WHEN revision = $2 THEN revision + 1 END,
            state = $3, current_payment_id = $4, failures = $5, version = $6,
            voided_at = CASE WHEN $7 THEN coalesce(voided_at, now()) END, updated_at = now()
        WHERE order_id = $1
        """

    /// Fails when the account is not the one that was read any more; first of all statements, because it takes the lock.
    func update() -> Query {
        Query(
            Self.updateStatement, .uuid(orderId), .int(revision), .text(state.rawValue), .uuid(currentPaymentId),
            .int(failures), .int(version), .bool(isVoided))
    }

    /// Marks a cancelled order of which nothing can be captured any more, and all that was captured has gone back.
    ///
    /// - Parameter refunded: minor units of all its payments.
    /// - Returns: the event that tells of it.
    mutating func tellVoided(refunded: Int64) -> NewEvent {
        isVoided = true
        version += 1
        return NewEvent("PAYMENT_VOIDED", of: orderId, version: version) { json in
            json.field("orderId", orderId)
            json.field("userId", userId)
            json.field("refundedAmount", Money(minorUnits: refunded, currency: amount.currency))
            json.field("currency", amount.currency)
        }
    }
}
