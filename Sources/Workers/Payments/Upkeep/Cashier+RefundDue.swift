import FoundationEssentials
import Stripe
import Worker

extension Cashier {
    private static let refundBatch = 8
    /// Longer than a call takes, so that no other instance posts the same refund meanwhile.
    private static let refundCallLimit = Duration.seconds(20)

    /// The lease is the pause before the next try: doubling from a second up to ten minutes, never shorter than a call.
    private static let claimRefunds: Statement = """
        UPDATE refunds r
        SET attempts = r.attempts + 1,
            next_attempt_at = now() + greatest(30, least(600, 2 ^ least(r.attempts, 12))) * interval '1 second'
        FROM payments p
        WHERE p.id = r.payment_id AND r.id IN (
            SELECT id FROM refunds WHERE next_attempt_at <= now()
            ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING r.id, r.payment_id, r.stripe_refund_id, r.stripe_idempotency_key, r.amount, r.attempts, r.created_at,
                  p.stripe_payment_intent_id, r.stripe_reason
        """
    private static let retryRefund: Statement = """
        UPDATE refunds SET next_attempt_at = now() + least(600, 2 ^ least(attempts, 12)) * interval '1 second'
        WHERE id = $1 AND status = 'pending'
        """

    /// Posts refunds that are due, and asks after those that Stripe has not finished. A refund is never given up: it is
    /// somebody's money.
    func refundDue(_ context: Context) async throws -> Bool {
        let rows = try await context.query(Self.claimRefunds, .int(Self.refundBatch))
        await sideBySide(try rows.map { try DueRefund($0) }, context) { try await self.post($0, context) }
        return rows.count == Self.refundBatch
    }

    private struct DueRefund: Sendable {
        let id: UUID
        let paymentId: UUID
        let stripeId: String?
        let key: String?
        let amount: Int64
        let createdAt: Timestamp
        let intentId: String?
        let reason: String

        init(_ row: Row) throws {
            id = try row.uuid(0)
            paymentId = try row.uuid(1)
            stripeId = try row.textOrNil(2)
            key = try row.textOrNil(3)
            amount = try row.int(4)
            createdAt = Timestamp(microseconds: try row.timestamp(6))
            intentId = try row.textOrNil(7)
            reason = try row.text(8)
        }
    }

    private func post(_ refund: DueRefund, _ context: Context) async throws {
        do {
            guard let report = try await ask(about: refund, context) else { return }
            if report.status == .failed {
                context.logger.error(
                    "refund failed; the money has to go back another way",
                    metadata: [
                        "refund": "\(refund.id.text)", "payment": "\(refund.paymentId.text)",
                        "reason": "\(report.failureReason ?? "-")",
                    ])
            }
            try await settle(refund: report, of: refund.paymentId, context)
        } catch let error as StripeError {
            context.logger.notice(
                "refund put off", metadata: ["refund": "\(refund.id.text)", "error": "\(error.label)"])
            _ = try await context.query(Self.retryRefund, .uuid(refund.id))
        }
    }

    private func ask(about refund: DueRefund, _ context: Context) async throws -> RefundReport? {
        let provider = Provider(settings.stripe)
        let deadline = ContinuousClock.now + Self.refundCallLimit
        if let stripeId = refund.stripeId {
            return try await noting(.retrieveRefund, of: refund.paymentId, refund: refund.id, context) {
                try await provider.refund(stripeId, deadline: deadline)
            }
        }
        guard let key = refund.key, let intentId = refund.intentId else { return nil }
        let isKeyFresh = settings.clock() - refund.createdAt < PaymentAttempt.keyLifetime
        return try await noting(.refund, of: refund.paymentId, refund: refund.id, context) {
            try await provider.refund(
                refund.id, amount: refund.amount, of: intentId, reason: refund.reason, key: key,
                isKeyFresh: isKeyFresh, deadline: deadline)
        }
    }
}
