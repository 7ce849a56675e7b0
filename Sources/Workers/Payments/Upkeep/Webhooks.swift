import FoundationEssentials
import Stripe
import Worker

/// Handles stored webhooks: claims them, brings what they tell into the books, and marks them, all of it any number of times.
@Reactor
final class Webhooks {
    nonisolated let settings: PaymentsSettings
    private let cashier: Cashier
    private let errand = Errand("payments.webhooks")

    /// The events that change something here.
    nonisolated static let types: Set<String> = [
        "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
        "payment_intent.requires_action", "payment_intent.processing", "charge.refunded", "refund.created",
        "refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.updated",
        "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
    ]

    private static let batch = 16
    private static let callLimit = Duration.seconds(10)
    /// About a day, with the pauses below; the reconciler finds by itself what matters.
    private static let attempts = 150

    nonisolated init(_ settings: PaymentsSettings, _ cashier: Cashier) {
        self.settings = settings
        self.cashier = cashier
    }

    /// Handles what is due, now.
    func nudge(_ context: Context) {
        errand.nudge(context) { try await self.handleDue($0) }
    }

    nonisolated var tasks: [PeriodicTask] {
        [
            PeriodicTask("payments.webhooks", every: settings.sweepEvery) { context in
                try await self.errand.run(context) { try await self.handleDue($0) }
            },
            PeriodicTask("payments.webhooks.forget", every: .seconds(600)) { try await self.forget($0) },
        ]
    }

    // MARK: - Claims

    /// The lease is longer than a call takes. In the order of arrival, so that a burst about one payment mostly stays in order.
    private static let claim: Statement = """
        UPDATE webhook_events SET attempts = attempts + 1, due_at = now() + interval '20 seconds'
        WHERE event_id IN (SELECT event_id FROM webhook_events WHERE handled_at IS NULL AND due_at <= now()
                           ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING event_id, payload, attempts
        """
    private static let markHandled: Statement = """
        UPDATE webhook_events SET handled_at = now(), error = $2, payment_id = coalesce($3, payment_id) WHERE event_id = $1
        """
    private static let putOff: Statement = """
        UPDATE webhook_events
        SET error = $2, due_at = now() + least(600, 2 ^ least(attempts, 12)) * interval '1 second'
        WHERE event_id = $1
        """
    private static let forgetting: Statement = """
        DELETE FROM webhook_events WHERE event_id IN (
            SELECT event_id FROM webhook_events WHERE handled_at < now() - interval '30 days' LIMIT $1)
        """

    private func handleDue(_ context: Context) async throws -> Bool {
        let rows = try await context.query(Self.claim, .int(Self.batch))
        await sideBySide(Array(rows), context) { row in
            try await self.handle(id: row.text(0), payload: row.bytes(1), attempts: row.int(2), context)
        }
        return rows.count == Self.batch
    }

    /// Stripe itself keeps events for 30 days.
    private func forget(_ context: Context) async throws -> Bool {
        try await context.query(Self.forgetting, .int(1_000)).affected == 1_000
    }

    private func handle(id: String, payload: [UInt8], attempts: Int64, _ context: Context) async throws {
        do {
            try await handle(try StripeWebhook.event(from: payload), context)
        } catch {
            let isLast = attempts >= Self.attempts
            context.logger.log(
                level: isLast ? .error : .notice, "webhook not handled",
                metadata: ["event": "\(id)", "attempt": "\(attempts)", "error": "\(error)"])
            let reason = Parameter.text(String("\(error)".prefix(500)))
            if isLast {
                _ = try await context.query(Self.markHandled, .text(id), reason, .uuid(nil))
            } else {
                _ = try await context.query(Self.putOff, .text(id), reason)
            }
        }
    }

    // MARK: - Effects

    private func handle(_ event: StripeEvent, _ context: Context) async throws {
        let paymentId = try await payment(of: event, context)
        let handled = Query(Self.markHandled, .text(event.id), .null, .uuid(paymentId))
        guard let paymentId else {
            // About somebody else's payment, on the same Stripe account.
            return _ = try await context.database.query(handled, deadline: context.deadline.instant)
        }
        switch event.object {
        case .paymentIntent(let intent): try await handle(intent, of: paymentId, handled, context)
        case .refund(let refund):
            try await cashier.settle(
                refund: RefundReport(refund), of: paymentId, context, alongside: [handled])
        case .charge(let charge):
            // The charge tells that something was refunded, not what.
            for report in try await refunds(of: charge) {
                try await cashier.settle(refund: report, of: paymentId, context)
            }
            _ = try await context.database.query(handled, deadline: context.deadline.instant)
        case .dispute(let dispute):
            context.logger.warning(
                "payment disputed", metadata: ["payment": "\(paymentId.text)", "status": "\(dispute.status)"])
            try await cashier.record(dispute, of: paymentId, toldAt: event.created, context)
            _ = try await context.database.query(handled, deadline: context.deadline.instant)
        case .other: _ = try await context.database.query(handled, deadline: context.deadline.instant)
        }
    }

    private func handle(
        _ intent: PaymentIntent, of paymentId: UUID, _ handled: Query, _ context: Context
    ) async throws {
        var report = IntentReport(intent, isCurrent: false)
        if let books = try await Books.load(paymentId, context),
            PaymentStateMachine(status: books.payment.status).move(on: report) == .ask
        {
            let current = try await cashier.noting(.retrieve, of: paymentId, context) {
                IntentReport(try await Provider(settings.stripe).intent(intent.id, deadline: .now + Self.callLimit))
            }
            report = current ?? report
        }
        try await cashier.settle(paymentId, report, context, alongside: [handled])
    }

    private func refunds(of charge: StripeCharge) async throws -> [RefundReport] {
        guard let intent = charge.paymentIntent else { return [] }
        return try await Provider(settings.stripe).refunds(of: intent, deadline: .now + Self.callLimit)
    }

    // MARK: - Whose

    private static let select: Statement = """
        SELECT id FROM payments WHERE stripe_payment_intent_id = $1 OR id = $2
        """

    /// The payment that an event is about. The intent's id may not be in the books yet, but our id is in its metadata.
    private func payment(of event: StripeEvent, _ context: Context) async throws -> UUID? {
        guard let intentId = event.paymentIntentId else { return nil }
        var intent: PaymentIntent?
        if case .paymentIntent(let told) = event.object { intent = told }
        if let row = try await context.query(
            Self.select, .text(intentId), .uuid(intent.flatMap { Provider.paymentId(of: $0) })
        ).first {
            return try row.uuid(0)
        }
        guard intent == nil else { return nil }
        guard let paymentId = try await paymentId(ofIntent: intentId) else { return nil }
        return try await context.query(Self.select, .text(intentId), .uuid(paymentId)).first?.uuid(0)
    }

    private func paymentId(ofIntent id: String) async throws -> UUID? {
        do throws(StripeError) {
            return Provider.paymentId(
                of: try await Provider(settings.stripe).intent(id, deadline: .now + Self.callLimit))
        } catch {
            // There is no such intent: nothing of ours.
            guard case .invalidRequest = error.kind else { throw error }
            return nil
        }
    }
}
