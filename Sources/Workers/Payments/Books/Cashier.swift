import FoundationEssentials
import Worker

/// The one hand that changes payments: requests, webhooks, the reconciler and refunds all go through it.
///
/// It reads the books, lets a pure function decide, and commits what came of it with its event, on the condition that the
/// account has not changed since. Whoever comes second reads again, and finds that there is nothing left to do.
@Reactor
final class Cashier {
    nonisolated let settings: PaymentsSettings
    private let refunding = Errand("payments.refunds")
    private let checking = Errand("payments.checks")

    /// Every loss of the race means that another one made progress.
    private static let attempts = 10

    nonisolated init(_ settings: PaymentsSettings) {
        self.settings = settings
    }

    /// Applies a report to a payment.
    ///
    /// - Parameters:
    ///   - report: nil to answer from the books as they are.
    ///   - alongside: committed with it, and also when it changes nothing.
    ///   - reply: makes the reply that is kept under the request's idempotency key; nil keeps none.
    /// - Returns: the books afterwards; nil when there is no such payment.
    @discardableResult
    func settle(
        _ paymentId: UUID, _ report: IntentReport?, _ context: Context, alongside: [Query] = [],
        reply: (Books) -> Reply? = { _ in nil }
    ) async throws -> Books? {
        try await decidingOnBooks(of: paymentId, context) { before in
            let settlement = report.map { Settlement(before, $0, maxAttempts: settings.maxAttempts) }
            let after = settlement?.books ?? before
            let reply = reply(after)
            var queries: [Query] = []
            if let settlement, let report, settlement.isChange {
                queries = [
                    after.account.update(),
                    after.paymentUpdate(nextCheck: nextCheck(after.payment, before: before.payment)),
                    after.attemptUpdate(report),
                ]
                if let reason = settlement.refundReason {
                    queries.append(RefundRow.insertion(of: after.payment.remaining, paymentId: paymentId, reason))
                }
            }
            if let call = report?.call { queries.append(call.insertion(of: paymentId, trace: context.trace)) }
            queries += alongside
            guard !queries.isEmpty || reply != nil else { return after }
            let events = settlement?.events(redirectURL: report?.redirectURL) ?? []
            try await context.commit(queries, events: events, reply: reply)
            if settlement?.refundReason != nil { nudgeRefunds(context) }
            if after.payment.cancelWanted { nudgeChecks(context) }
            return after
        }
    }

    /// Looks at payments that are due, and posts refunds that are.
    nonisolated var tasks: [PeriodicTask] {
        [
            PeriodicTask("payments.refunds", every: settings.sweepEvery) { context in
                try await self.refunding.run(context) { try await self.refundDue($0) }
            },
            PeriodicTask("payments.checks", every: settings.sweepEvery) { context in
                try await self.checking.run(context) { try await self.checkDue($0) }
            },
        ]
    }

    /// Posts refunds that are due, soon.
    func nudgeRefunds(_ context: Context) { refunding.nudge(context) { try await self.refundDue($0) } }

    /// Looks at payments that are due, soon.
    func nudgeChecks(_ context: Context) { checking.nudge(context) { try await self.checkDue($0) } }

    private func nextCheck(_ payment: Payment, before: Payment) -> Duration? {
        // What is newly to be cancelled is due at once.
        payment.cancelWanted && !before.cancelWanted ? .zero : CheckPause(settings).after(payment)
    }

    /// Reads, decides and commits, again when another one came between.
    func decidingOnBooks(
        of paymentId: UUID, _ context: Context, _ body: @Reactor (Books) async throws -> Books?
    ) async throws -> Books? {
        try await retryingRaces(context) {
            guard let before = try await Books.load(paymentId, context) else { return nil }
            return try await body(before)
        }
    }

    /// Does `body` again when another one came between.
    func retryingRaces<Value>(_ context: Context, _ body: @Reactor () async throws -> Value) async throws -> Value {
        for attempt in 0..<Self.attempts {
            do { return try await body() } catch is VersionConflict {
                // Again.
            } catch let error as PostgresError where Self.isWorthAnotherLook(error) {
                // Again: if it was committed after all, the books say so.
            }
            guard context.deadline.remaining > .milliseconds(100) else { break }
            try await Reactor.sleep(for: .milliseconds(Int.random(in: 1...(5 << min(attempt, 5)))))
        }
        throw ServiceError.unavailable("others keep changing the payment; try again")
    }

    private static func isWorthAnotherLook(_ error: PostgresError) -> Bool {
        // 55P03: the lock was not to be had in time.
        Books.isOvertaken(error) || error.outcomeUnknown || error.isRetryable || error.sqlState == "55P03"
    }
}
