import FoundationEssentials
import Stripe
import Worker

extension Cashier {
    private static let checkBatch = 8
    private static let checkCallLimit = Duration.seconds(20)

    /// The lease is longer than a call takes; the pause that follows is set with the outcome.
    private static let claimChecks: Statement = """
        UPDATE payments SET checks = checks + 1, next_check_at = now() + interval '30 seconds'
        WHERE id IN (SELECT id FROM payments WHERE next_check_at <= now()
                     ORDER BY next_check_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING id
        """
    private static let checkAgain: Statement = """
        UPDATE payments SET next_check_at = now() + $2 * interval '1 microsecond'
        WHERE id = $1 AND next_check_at IS NOT NULL
        """
    private static let markPosted: Statement = """
        UPDATE payment_attempts SET posted_at = now() WHERE stripe_idempotency_key = $1
        """
    private static let countFailure: Statement = """
        UPDATE payment_attempts SET provider_failures = provider_failures + 1 WHERE stripe_idempotency_key = $1
        """

    /// Brings payments that nobody told the outcome of to one: crashes, lost answers and lost webhooks end here.
    func checkDue(_ context: Context) async throws -> Bool {
        let rows = try await context.query(Self.claimChecks, .int(Self.checkBatch))
        await sideBySide(try rows.map { try $0.uuid(0) }, context) { try await self.check($0, context) }
        return rows.count == Self.checkBatch
    }

    private func check(_ id: UUID, _ context: Context) async throws {
        guard let books = try await Books.load(id, context) else { return }
        do {
            if let report = try await find(books, context) { try await settle(id, report, context) }
        } catch let error as StripeError {
            context.logger.notice("payment not settled yet", metadata: ["payment": "\(id.text)", "error": "\(error)"])
        }
        // A change has set the pause that fits it.
        guard let after = try await Books.load(id, context), after.account.revision == books.account.revision,
            let pause = CheckPause(settings).after(after.payment)
        else { return }
        _ = try await context.query(Self.checkAgain, .uuid(id), .int(pause.wholeMicroseconds))
    }

    private func find(_ books: Books, _ context: Context) async throws -> IntentReport? {
        let provider = Provider(settings.stripe)
        let deadline = ContinuousClock.now + Self.checkCallLimit
        switch CheckPlan(books, quietTime: settings.quietTime, at: settings.clock()) {
        case .nothing, .wait: return nil
        case .ask(let id):
            return try await noting(.retrieve, of: books.payment.id, context) {
                IntentReport(try await provider.intent(id, deadline: deadline))
            }
        case .cancel(let id):
            return try await noting(.cancel, of: books.payment.id, context) {
                try await provider.cancel(id, of: books.payment, deadline: deadline)
            }
        case .post: return try await post(books, context, deadline: deadline)
        case .find:
            let found = try await noting(.find, of: books.payment.id, context) {
                try await provider.findIntent(
                    of: books.payment, quietSince: books.attempt.postedAt, deadline: deadline
                ).map { IntentReport($0) }
            }
            return found ?? IntentReport(intentId: nil, .failed(.neverArrived))
        }
    }

    /// Sends a payment that may have been sent before, under its key.
    func post(_ books: Books, _ context: Context, deadline: ContinuousClock.Instant) async throws -> IntentReport {
        _ = try await context.query(Self.markPosted, .text(books.attempt.key))
        return try await firstPost(books, context, deadline: deadline)
    }

    /// Sends a payment whose attempt has just been written.
    func firstPost(_ books: Books, _ context: Context, deadline: ContinuousClock.Instant) async throws -> IntentReport {
        let provider = Provider(settings.stripe)
        do {
            let report = try await noting(.create, of: books.payment.id, context) {
                try await provider.post(books, deadline: deadline).get()
            }
            return report ?? IntentReport(intentId: nil, .undecided)
        } catch let error as StripeError {
            // 409 says that another call under the key is under way, and nothing of its outcome.
            if error.kind == .api || (error.kind == .idempotency && error.httpStatus != 409) {
                _ = try await context.query(Self.countFailure, .text(books.attempt.key))
            }
            throw error
        }
    }
}
