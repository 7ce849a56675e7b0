import FoundationEssentials
import Stripe
import Worker

/// `payments.webhook`: stores what Stripe tells and answers at once. Handling comes right after, and does not depend on this
/// process living on.
enum ReceiveWebhook {
    /// What nothing here depends on is stored as handled.
    private static let store: Statement = """
        INSERT INTO webhook_events (event_id, type, payload, handled_at)
        VALUES ($1, $2, $3, CASE WHEN $4 THEN NULL ELSE now() END)
        ON CONFLICT (event_id) DO UPDATE SET deliveries = webhook_events.deliveries + 1
        RETURNING deliveries
        """

    static func endpoint(_ webhooks: Webhooks) -> Endpoint {
        .raw("payments.webhook") { body, context in
            let event = try verified(body, context, webhooks.settings)
            let isWanted = Webhooks.types.contains(event.type)
            let stored = try await context.query(
                store, .text(event.id), .text(event.type), .bytes(body), .bool(isWanted))
            if isWanted, try stored.first?.int(0) == 1 { webhooks.nudge(context) }
            return .object { $0.field("received", true) }
        }
    }

    @Reactor
    private static func verified(_ body: [UInt8], _ context: Context, _ settings: PaymentsSettings) throws
        -> StripeEvent
    {
        guard let signature = context.header("Stripe-Signature") else {
            throw ServiceError(400, "invalid-signature", "the Stripe-Signature header is missing")
        }
        do throws(StripeWebhook.VerificationError) {
            let event = try StripeWebhook.verify(
                payload: body, signatureHeader: signature, secret: settings.webhookSecret,
                now: Date(timeIntervalSince1970: Double(settings.clock().seconds)))
            guard (1...255).contains(event.id.utf8.count), !event.id.contains("\0"), !event.type.contains("\0") else {
                throw .malformedPayload("the id must have 1 to 255 characters")
            }
            return event
        } catch {
            throw refusal(error)
        }
    }

    private static func refusal(_ error: StripeWebhook.VerificationError) -> ServiceError {
        switch error {
        case .missingSecret: .unavailable("no webhook secret is configured", retryAfter_s: 60)
        case .malformedHeader: ServiceError(400, "invalid-signature", "the Stripe-Signature header cannot be read")
        case .noMatchingSignature:
            ServiceError(
                400, "invalid-signature", "no signature fits the body; it was edited or signed with another secret")
        case .tooOld: ServiceError(400, "invalid-signature", "the signature is too old; at most 5 minutes are taken")
        case .inTheFuture: ServiceError(400, "invalid-signature", "the signature is from the future; check the clocks")
        case .malformedPayload(let what): ServiceError(400, "malformed-json", "the signed body is no event: \(what)")
        }
    }
}
