import FoundationEssentials
import Worker

/// One payment with the account of its order: all that a decision on it needs, read in one statement.
struct Books: Sendable, Hashable {
    var account: Account
    var payment: Payment
    let attempt: PaymentAttempt

    private static let select: Statement = """
        SELECT a.order_id, a.user_id, a.amount, a.currency, a.state, a.current_payment_id, a.failures, a.version,
               a.revision,
               p.id, p.amount, p.payment_method, p.created_at, p.checks, p.stripe_payment_intent_id, p.status,
               p.failure_kind, p.failure_code, p.decline_code, p.failure_message, p.is_unwanted, p.cancel_wanted,
               (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
                WHERE r.payment_id = p.id AND r.status = 'succeeded'),
               (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
                WHERE r.payment_id = p.id AND r.status = 'pending'),
               t.stripe_idempotency_key, t.customer, t.return_url, t.provider_failures, t.created_at, t.posted_at
        FROM payments p
        JOIN order_accounts a ON a.order_id = p.order_id
        JOIN LATERAL (SELECT * FROM payment_attempts t WHERE t.payment_id = p.id
                      ORDER BY t.attempt_number DESC LIMIT 1) t ON true
        WHERE p.id = $1
        """

    /// Nil when there is no such payment.
    @Reactor
    static func load(_ paymentId: UUID, _ context: Context) async throws -> Books? {
        try await context.query(select, .uuid(paymentId)).first.map { try Books($0) }
    }

    private init(_ row: Row) throws {
        account = try Account(row)
        payment = try Payment(row, currency: account.amount.currency)
        attempt = try PaymentAttempt(row)
    }

    init(account: Account, payment: Payment, attempt: PaymentAttempt) {
        self.account = account
        self.payment = payment
        self.attempt = attempt
    }

    /// Whether a commit failed because somebody else changed the account since it was read: `revision` was set to NULL.
    static func isOvertaken(_ error: PostgresError) -> Bool {
        error.sqlState == "23502" && error.column == "revision"
    }
}

/// A row that this code did not write, or wrote wrongly.
struct UnreadableRow: Error, CustomStringConvertible {
    let description: String
}

extension Account {
    /// Columns 0 to 8 of the statement above.
    fileprivate init(_ row: Row) throws {
        let code = try row.text(3)
        guard let currency = Currency(code), let state = AccountState(rawValue: try row.text(4)) else {
            throw UnreadableRow(description: "the account of the order \(try row.uuid(0).text) cannot be read")
        }
        self.init(
            orderId: try row.uuid(0), userId: try row.uuid(1),
            amount: Money(minorUnits: try row.int(2), currency: currency), state: state,
            currentPaymentId: try row.uuidOrNil(5), failures: try row.int(6), version: try row.int(7),
            revision: try row.int(8))
    }
}

extension Payment {
    /// Columns 9 to 23.
    fileprivate init(_ row: Row, currency: Currency) throws {
        guard let status = PaymentStatus(rawValue: try row.text(15)) else {
            throw UnreadableRow(description: "the payment \(try row.uuid(9).text) cannot be read")
        }
        let kind = try row.textOrNil(16).flatMap { PaymentFailure.Kind(rawValue: $0) }
        let failure = try kind.map { kind in
            PaymentFailure(
                kind, code: try row.textOrNil(17) ?? "", declineCode: try row.textOrNil(18),
                message: try row.textOrNil(19) ?? "")
        }
        self.init(
            id: try row.uuid(9), amount: Money(minorUnits: try row.int(10), currency: currency),
            paymentMethod: try row.text(11), createdAt: Timestamp(microseconds: try row.timestamp(12)),
            checks: try row.int(13), intentId: try row.textOrNil(14), status: status, failure: failure,
            isUnwanted: try row.bool(20), cancelWanted: try row.bool(21), refunded: try row.int(22),
            refunding: try row.int(23))
    }
}

extension PaymentAttempt {
    /// Columns 24 to 29.
    fileprivate init(_ row: Row) throws {
        self.init(
            key: try row.text(24), customer: try row.textOrNil(25), returnURL: try row.textOrNil(26),
            providerFailures: try row.int(27), createdAt: Timestamp(microseconds: try row.timestamp(28)),
            postedAt: Timestamp(microseconds: try row.timestamp(29)))
    }
}
