import FoundationEssentials
import Worker

/// Writes a new payment, before Stripe hears of it: the account is locked, so that at most one is under way, and none after
/// a cancellation.
@Reactor
struct PaymentOpening {
    let request: PaymentRequest
    let order: OrderSummary
    let requestKey: String?
    let returnURL: String?
    let firstCheck: Duration
    let id = UUIDv7.next()

    private static let insertAccount: Statement = """
        INSERT INTO order_accounts (order_id, user_id, amount, currency) VALUES ($1, $2, $3, $4)
        ON CONFLICT (order_id) DO NOTHING
        """
    private static let lockAccount: Statement = """
        SELECT state, current_payment_id FROM order_accounts WHERE order_id = $1 FOR NO KEY UPDATE
        """
    private static let selectPayments: Statement = """
        SELECT coalesce(max(attempt), 0)::bigint FROM payments WHERE order_id = $1
        """
    private static let insertPayment: Statement = """
        INSERT INTO payments (id, order_id, user_id, attempt, request_key, amount, currency, status, payment_method,
                              metadata, next_check_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9, now() + $10 * interval '1 microsecond')
        """
    private static let insertAttempt: Statement = """
        INSERT INTO payment_attempts (id, payment_id, attempt_number, stripe_idempotency_key, customer, return_url)
        VALUES ($1, $2, 1, $3, $4, $5)
        """
    private static let pay: Statement = """
        UPDATE order_accounts
        SET state = 'paying', current_payment_id = $2, revision = revision + 1, updated_at = now() WHERE order_id = $1
        """

    /// Two round trips. When it is not known whether they took effect, the books tell.
    ///
    /// - Throws: why the order takes no payment now.
    func open(_ context: Context) async throws -> Books {
        for attempt in 1... {
            do { try await write(context) } catch let error as PostgresError {
                if error.isUniqueViolation, error.constraint == "payments_request_key_key" { throw Self.keyReused }
                guard error.outcomeUnknown || error.isUniqueViolation, attempt < 3 else { throw error }
                try await Reactor.sleep(for: .milliseconds(Int.random(in: 50...150)))
                if let books = try await Books.load(id, context) { return books }
                continue
            }
            break
        }
        guard let books = try await Books.load(id, context) else { throw ServiceError.unavailable("try again") }
        return books
    }

    private func write(_ context: Context) async throws {
        try await context.database.transaction(deadline: context.deadline.instant) { transaction in
            let rows = try await transaction.batch([
                Query(
                    Self.insertAccount, .uuid(order.id), .uuid(order.userId), .int(order.total.minorUnits),
                    .text(order.total.currency.code)),
                Query(Self.lockAccount, .uuid(order.id)), Query(Self.selectPayments, .uuid(order.id)),
            ])
            guard let account = rows[1].first, let latest = rows[2].first else {
                throw UnreadableRow(description: "the order \(order.id.text) has no account")
            }
            let current = try account.uuidOrNil(1)
            // A try whose outcome was unknown was committed after all.
            if current == id { return }
            try checkOpen(state: AccountState(rawValue: account.text(0)), current: current)
            try await transaction.commit(with: insertions(attempt: latest.int(0) + 1))
        }
    }

    private func checkOpen(state: AccountState?, current: UUID?) throws(ServiceError) {
        switch state {
        case .open: break
        case .paying:
            throw ServiceError(
                409, "payment-in-progress",
                "the payment \(current?.text ?? "") of the order is under way; wait for its outcome",
                retryAfter_s: 5, members: current.map { [.init("paymentId", .string($0.text))] } ?? [])
        case .paid: throw .alreadyPaid(order.id)
        case .failed: throw .orderNotPayable(order.id, "its payment was declined, and it is given up")
        case .cancelled, nil: throw .orderNotPayable(order.id, "it is cancelled")
        }
    }

    private func insertions(attempt: Int64) -> [Query] {
        let metadata = JSONWriter.object { $0.fieldIfPresent("customerId", request.customerId) }
        return [
            Query(
                Self.insertPayment, .uuid(id), .uuid(order.id), .uuid(order.userId), .int(attempt), .text(requestKey),
                .int(request.amount.minorUnits), .text(request.amount.currency.code), .text(request.paymentMethodId),
                .json(metadata), .int(firstCheck.wholeMicroseconds)),
            Query(
                Self.insertAttempt, .uuid(UUIDv7.next()), .uuid(id), .text("payment-\(id.text)-1"),
                .text(request.customerId), .text(returnURL)),
            Query(Self.pay, .uuid(order.id), .uuid(id)),
        ]
    }

    static let keyReused = ServiceError(
        422, "idempotency-key-reused", "the idempotency key was used for another payment")
}
