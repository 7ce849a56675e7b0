import FoundationEssentials
import Worker

/// A row of `refunds`.
struct RefundRow: Sendable, Hashable {
    let id: UUID
    let stripeId: String?
    let amount: Int64
    let status: RefundStatus

    private static let selectAll: Statement = """
        SELECT id, stripe_refund_id, amount, status FROM refunds WHERE payment_id = $1 ORDER BY id
        """
    private static let insertRemainder: Statement = """
        INSERT INTO refunds (id, payment_id, stripe_idempotency_key, amount, reason, stripe_reason, requested_by, status,
                             next_attempt_at, created_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, 'pending', now(), coalesce($8, now()) WHERE $4 > 0
        """
    private static let insertForeign: Statement = """
        INSERT INTO refunds (id, payment_id, stripe_refund_id, amount, reason, status)
        VALUES ($1, $2, $3, $4, $5, 'pending')
        """
    private static let updateStatement: Statement = """
        UPDATE refunds
        SET status = $2, stripe_refund_id = $3, failure_reason = coalesce($4, failure_reason),
            next_attempt_at = CASE WHEN $2 = 'pending' THEN next_attempt_at END,
            processed_at = CASE WHEN $2 <> 'pending' THEN coalesce(processed_at, now()) END, updated_at = now()
        WHERE id = $1
        """

    @Reactor
    static func all(of paymentId: UUID, _ context: Context) async throws -> [RefundRow] {
        try await context.query(selectAll, .uuid(paymentId)).map { row in
            guard let status = RefundStatus(rawValue: try row.text(3)) else {
                throw UnreadableRow(description: "the refund \(try row.uuid(0).text) cannot be read")
            }
            return RefundRow(
                id: try row.uuid(0), stripeId: try row.textOrNil(1), amount: try row.int(2), status: status)
        }
    }

    /// A new refund of what is left of a payment, under a key of its own; none when nothing is left.
    ///
    /// - Parameter requester: who asked for it; nil when it follows from something else.
    static func insertion(
        of remaining: Int64, paymentId: UUID, _ reason: RefundReason, id: UUID = UUIDv7.next(),
        requester: String? = nil,
        createdAt: Timestamp? = nil
    ) -> Query {
        Query(
            insertRemainder, .uuid(id), .uuid(paymentId), .text("refund-\(id.text)"), .int(remaining),
            .text(reason.rawValue), .text(reason.stripeReason), .text(requester),
            .timestamp(createdAt?.microseconds))
    }

    /// One that was made elsewhere, for instance in Stripe's dashboard.
    func insertionAsForeign(of paymentId: UUID, reason: String?) -> Query {
        Query(
            Self.insertForeign, .uuid(id), .uuid(paymentId), .text(stripeId), .int(amount),
            .text(reason ?? "made-elsewhere"))
    }

    /// - Parameter failureReason: kept when nil.
    func update(failureReason: String?) -> Query {
        Query(Self.updateStatement, .uuid(id), .text(status.rawValue), .text(stripeId), .text(failureReason))
    }
}

extension [RefundRow] {
    /// Minor units of those in one status.
    func total(_ status: RefundStatus) -> Int64 { reduce(0) { $0 + ($1.status == status ? $1.amount : 0) } }
}
