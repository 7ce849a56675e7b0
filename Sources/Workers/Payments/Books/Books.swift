import FoundationEssentials
import Worker

/// One payment with the account of its order: all that a decision on it needs, read in one statement.
struct Books: Sendable, Hashable {
    var account: Account
    var payment: Payment
    let attempt: PaymentAttempt
    /// Only looked at when the order is cancelled.
    var others = OtherPayments()

    private static let select: Statement = """
        SELECT a.order_id, a.user_id, a.amount, a.currency, a.state, a.current_payment_id, a.failures, a.version,
               a.revision,
               p.id, p.amount, p.payment_method, p.created_at, p.checks, p.stripe_payment_intent_id, p.status,
               p.failure_kind, p.failure_code, p.decline_code, p.failure_message, p.is_unwanted, p.cancel_wanted,
               (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
                WHERE r.payment_id = p.id AND r.status = 'succeeded'),
               (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
                WHERE r.payment_id = p.id AND r.status = 'pending'),
               t.stripe_idempotency_key, t.customer, t.return_url, t.provider_failures, t.created_at, t.posted_at,
               a.voided_at IS NOT NULL,
               (SELECT coalesce(sum(d.amount), 0)::bigint FROM disputes d
                WHERE d.payment_id = p.id AND is_withdrawn(d.status)),
               o.unsettled, o.refunded
        FROM payments p
        JOIN order_accounts a ON a.order_id = p.order_id
        JOIN LATERAL (SELECT * FROM payment_attempts t WHERE t.payment_id = p.id
                      ORDER BY t.attempt_number DESC LIMIT 1) t ON true
        CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE NOT s.is_settled) AS unsettled,
                                   coalesce(sum(s.refunded), 0)::bigint AS refunded
                            FROM payment_standings s
                            WHERE a.state = 'cancelled' AND s.order_id = p.order_id AND s.id <> p.id) o
        WHERE p.id = $1
        """

    /// Nil when there is no such payment.
    @Reactor
    static func load(_ paymentId: UUID, _ context: Context) async throws -> Books? {
        try await context.query(select, .uuid(paymentId)).first.map { try Books($0) }
    }

    private init(_ row: Row) throws {
        account = try Account(row, voidedAt: 30)
        payment = try Payment(row, currency: account.amount.currency)
        attempt = try PaymentAttempt(row)
        others = OtherPayments(unsettled: try row.int(32), refunded: try row.int(33))
    }

    init(account: Account, payment: Payment, attempt: PaymentAttempt) {
        self.account = account
        self.payment = payment
        self.attempt = attempt
    }

    /// Whether the order is cancelled, nothing can be captured any more, and what was captured has gone back.
    var isVoid: Bool { account.state == .cancelled && payment.isSettled && others.unsettled == 0 }

    /// Marks the account when it has become void just now.
    /// - Returns: the event that tells of it; nil when it is not, or was told before.
    mutating func tellVoid() -> NewEvent? {
        guard isVoid, !account.isVoided else { return nil }
        return account.tellVoided(refunded: payment.refunded + others.refunded)
    }

    /// Whether a commit failed because somebody else changed the account since it was read: `revision` was set to NULL.
    static func isOvertaken(_ error: PostgresError) -> Bool {
        error.sqlState == "23502" && error.column == "revision"
    }
}

/// The order's payments beside the one that is looked at.
struct OtherPayments: Sendable, Hashable {
    /// How many can still capture, or have money that has to go back.
    var unsettled: Int64 = 0
    /// Minor units that have gone back.
    var refunded: Int64 = 0
}

/// A row that this code did not write, or wrote wrongly.
struct UnreadableRow: Error, CustomStringConvertible {
    let description: String
}

extension Account {
    /// - Parameter voidedAt: the column of that; the others are 0 to 8.
    init(_ row: Row, voidedAt: Int) throws {
        let code = try row.text(3)
        guard let currency = Currency(code), let state = AccountState(rawValue: try row.text(4)) else {
            throw UnreadableRow(description: "the account of the order \(try row.uuid(0).text) cannot be read")
        }
        self.init(
            orderId: try row.uuid(0), userId: try row.uuid(1),
            amount: Money(minorUnits: try row.int(2), currency: currency), state: state,
            currentPaymentId: try row.uuidOrNil(5), failures: try row.int(6), version: try row.int(7),
            revision: try row.int(8), isVoided: try row.bool(voidedAt))
    }
}

extension Payment {
    /// Columns 9 to 23, and 31.
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
            refunding: try row.int(23), disputed: try row.int(31))
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
