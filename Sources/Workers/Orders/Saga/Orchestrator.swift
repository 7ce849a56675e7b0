import FoundationEssentials
import Worker

/// Calls participants of the saga whose events are overdue, again and again with growing pauses, until the step is done.
///
/// All calls are idempotent: that the event comes at the same moment does no harm.
struct Orchestrator: Sendable {
    let transition: Transition
    let settings: OrdersSettings

    private static let batch = 20
    /// A claim moves the time on, which is also the lease: the call must be over before.
    private static let callLimit = Duration.seconds(5)
    private static let longestPause = Duration.seconds(600)
    private static let attemptsUntilWarning = 5

    private static let claim: Statement = """
        UPDATE saga_steps s SET attempts = s.attempts + 1,
            due_at = now() + least($2::bigint * power(2, least(s.attempts, 20)), $3::bigint)
                             * (0.75 + random() / 2) * interval '1 microsecond'
        FROM (SELECT order_id, step FROM saga_steps WHERE done_at IS NULL AND due_at < now()
              ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED) due
        WHERE s.order_id = due.order_id AND s.step = due.step
        RETURNING s.order_id, s.step, s.attempts
        """

    var task: PeriodicTask {
        PeriodicTask("saga", every: .seconds(1)) { context in
            let rows = try await context.query(
                Self.claim, .int(Self.batch), .int(settings.stepLimit.microseconds),
                .int(Self.longestPause.microseconds))
            let due = try rows.compactMap { row in
                try SagaStep(rawValue: row.text(1)).map {
                    Due(orderId: try row.uuid(0), step: $0, attempt: try row.int(2))
                }
            }
            // Side by side: one participant that does not answer must not keep the others waiting.
            await withTaskGroup(of: Void.self) { group in
                for step in due { group.addTask { await call(step, context) } }
            }
            return rows.count == Self.batch
        }
    }

    private struct Due: Sendable {
        let orderId: UUID
        let step: SagaStep
        let attempt: Int64
    }

    @Reactor
    private func call(_ due: Due, _ context: Context) async {
        do {
            guard try await isDone(due, context) else { return }
            _ = try await context.database.query(
                SagaStep.finishing(due.step, of: due.orderId, by: .call), deadline: context.deadline.instant)
        } catch {
            let level: Logger.Level = due.attempt >= Self.attemptsUntilWarning ? .warning : .info
            context.logger.log(
                level: level, "step of a saga not done yet",
                metadata: [
                    "order": "\(due.orderId.text)", "step": "\(due.step.rawValue)", "attempt": "\(due.attempt)",
                    "error": "\(error)",
                ])
            // Only shown to people; the next try says it again if it is lost.
            let reason = (error as? ServiceError)?.detail ?? "\(error)"
            _ = try? await context.database.query(
                SagaStep.failing(due.step, of: due.orderId, reason), deadline: context.deadline.instant)
        }
    }

    /// Asks the participant.
    /// - Throws: why it cannot be done now.
    @Reactor
    private func isDone(_ due: Due, _ context: Context) async throws -> Bool {
        let body = JSONWriter.object { $0.field("orderId", due.orderId) }
        switch due.step {
        case .commitStock:
            if try await isTaken("inventory.commit", body, unless: 409, context) { return true }
            // The stock was given back before the order was paid: the customer gets the money back.
            _ = try await transition.command(due.orderId, .cancelled(.outOfStock), context)
            return false
        case .releaseStock:
            // Not found: nothing was held.
            _ = try await isTaken("inventory.release", body, unless: 404, context)
            return true
        case .voidPayment:
            let reply = try await context.call("payments.void", body, within: Self.callLimit)
            return try JSONReader.parse(reply)["state"]?.string == "voided"
        }
    }

    /// - Returns: false when the participant refused with `status`.
    @Reactor
    private func isTaken(
        _ subject: String, _ body: [UInt8], unless status: Int, _ context: Context
    ) async throws -> Bool {
        do {
            _ = try await context.call(subject, body, within: Self.callLimit)
            return true
        } catch {
            guard error.status == status else { throw error }
            return false
        }
    }
}
