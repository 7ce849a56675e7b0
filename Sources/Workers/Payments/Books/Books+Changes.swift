import FoundationEssentials
import Worker

extension Books {
    private static let updatePayment: Statement = """
        UPDATE payments
        SET status = $2, stripe_payment_intent_id = $3, failure_kind = $4, failure_code = $5, decline_code = $6,
            failure_message = $7, is_unwanted = $8, cancel_wanted = $9,
            next_check_at = now() + $10 * interval '1 microsecond',
            processed_at = CASE WHEN $11 THEN coalesce(processed_at, now()) END, updated_at = now()
        WHERE id = $1
        """
    private static let updateAttempt: Statement = """
        UPDATE payment_attempts SET status = $2, error_code = $3, error_message = $4, provider_response = $5
        WHERE stripe_idempotency_key = $1
        """

    func paymentUpdate(nextCheck: Duration?) -> Query {
        let failure = payment.failure
        return Query(
            Self.updatePayment, .uuid(payment.id), .text(payment.status.rawValue), .text(payment.intentId),
            .text(failure?.kind.rawValue), .text(failure?.code), .text(failure?.declineCode),
            .text(failure?.message), .bool(payment.isUnwanted), .bool(payment.cancelWanted),
            .int(nextCheck?.wholeMicroseconds), .bool(!payment.status.isOpen))
    }

    func attemptUpdate(_ report: IntentReport) -> Query {
        let response = JSONWriter.object { json in
            json.fieldIfPresent("id", report.intentId)
            json.field("standing", report.word)
            json.fieldIfPresent("redirectUrl", report.redirectURL)
            json.fieldIfPresent("declineCode", payment.failure?.declineCode)
        }
        // The attempt has succeeded, whatever has gone back since.
        let status = payment.status == .refunded ? PaymentStatus.succeeded : payment.status
        return Query(
            Self.updateAttempt, .text(attempt.key), .text(status.rawValue), .text(payment.failure?.code),
            .text(payment.failure?.message), .json(response))
    }
}

extension IntentReport {
    var word: String {
        switch standing {
        case .undecided: "undecided"
        case .processing: "processing"
        case .requiresAction: "requires_action"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .cancelled: "canceled"
        }
    }
}

extension Duration {
    /// As parameters of `interval '1 microsecond'`.
    var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
