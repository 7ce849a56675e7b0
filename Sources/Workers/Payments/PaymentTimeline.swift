import FoundationEssentials
import Worker

/// What payments did for one order, and what Stripe said: attempts, calls, refunds, webhooks, disputes and the ledger.
enum PaymentTimeline {
    /// Rows of `at` (timestamptz), `kind`, `name` and `detail` (json), by time. Nothing in them is secret.
    static func query(of orderId: UUID) -> Query { Query(select, .uuid(orderId)) }

    private static let select: Statement = """
        WITH p AS MATERIALIZED (SELECT * FROM payments WHERE order_id = $1),
             r AS MATERIALIZED (SELECT r.*, p.currency FROM refunds r JOIN p ON p.id = r.payment_id)
        SELECT at, kind, name, detail FROM (
            SELECT p.created_at AS at, 'payment' AS kind, 'begun' AS name,
                   json_build_object('paymentId', p.id, 'attempt', p.attempt, 'amount', p.amount, 'currency', p.currency,
                                     'paymentMethod', p.payment_method, 'status', p.status) AS detail
            FROM p
            UNION ALL
            SELECT p.processed_at, 'payment', p.status,
                   json_build_object('paymentId', p.id, 'failureCode', p.failure_code, 'declineCode', p.decline_code)
            FROM p WHERE p.processed_at IS NOT NULL
            UNION ALL
            SELECT t.created_at, 'attempt', t.status,
                   json_build_object('paymentId', t.payment_id, 'idempotencyKey', t.stripe_idempotency_key,
                                     'errorCode', t.error_code, 'providerFailures', t.provider_failures)
            FROM payment_attempts t JOIN p ON p.id = t.payment_id
            UNION ALL
            SELECT c.began_at, 'call', c.name,
                   json_build_object('paymentId', c.payment_id, 'refundId', c.refund_id, 'outcome', c.outcome,
                                     'endedAt', c.ended_at, 'trace', c.trace)
            FROM provider_calls c JOIN p ON p.id = c.payment_id
            UNION ALL
            SELECT r.created_at, 'refund', 'begun',
                   json_build_object('refundId', r.id, 'paymentId', r.payment_id, 'amount', r.amount,
                                     'currency', r.currency, 'reason', r.reason, 'requestedBy', r.requested_by)
            FROM r
            UNION ALL
            SELECT r.updated_at, 'refund', r.status,
                   json_build_object('refundId', r.id, 'attempts', r.attempts, 'stripeRefundId', r.stripe_refund_id,
                                     'failureReason', r.failure_reason)
            FROM r WHERE r.processed_at IS NOT NULL
            UNION ALL
            SELECT w.received_at, 'webhook', w.type,
                   json_build_object('eventId', w.event_id, 'deliveries', w.deliveries, 'attempts', w.attempts,
                                     'handledAt', w.handled_at, 'error', w.error)
            FROM webhook_events w JOIN p ON p.id = w.payment_id
            UNION ALL
            SELECT d.updated_at, 'dispute', d.status,
                   json_build_object('disputeId', d.id, 'amount', d.amount, 'currency', d.currency, 'reason', d.reason)
            FROM disputes d JOIN p ON p.id = d.payment_id
            UNION ALL
            SELECT l.at, 'ledger', l.account,
                   json_build_object('transactionId', l.transaction_id, 'amount', l.amount, 'currency', l.currency)
            FROM ledger_entries l JOIN p ON p.id = l.payment_id
        ) AS line ORDER BY at, kind, name
        """
}
