import FoundationEssentials
import Stripe
import Worker

/// The calls to Stripe, in the words of this worker.
struct Provider: Sendable {
    private let stripe: StripeClient

    /// The names that intents carry in Stripe's metadata.
    static let paymentKey = "payment_id"
    static let orderKey = "order_id"

    init(_ stripe: StripeClient) {
        self.stripe = stripe
    }

    /// The payment that an intent was made for, as its metadata says.
    static func paymentId(of intent: PaymentIntent) -> UUID? {
        intent.metadata[paymentKey].flatMap { UUID(text: $0) }
    }

    /// Creates and confirms the intent of a payment. It may be called any number of times while the key is fresh: all of
    /// what is sent comes from the books, so that Stripe charges once and answers the same.
    func post(_ books: Books, deadline: ContinuousClock.Instant) async -> Result<IntentReport, StripeError> {
        var parameters = StripeClient.PaymentIntentParameters(
            amount: books.payment.amount.minorUnits, currency: books.payment.amount.currency.code,
            paymentMethod: books.payment.paymentMethod)
        parameters.customer = books.attempt.customer
        parameters.returnURL = books.attempt.returnURL
        parameters.metadata = [
            Self.orderKey: books.account.orderId.text, Self.paymentKey: books.payment.id.text,
        ]
        do throws(StripeError) {
            return .success(
                IntentReport(
                    try await stripe.createPaymentIntent(
                        parameters, idempotencyKey: books.attempt.key, deadline: deadline)))
        } catch {
            return IntentReport(error).map { .success($0) } ?? .failure(error)
        }
    }

    func intent(_ id: String, deadline: ContinuousClock.Instant) async throws(StripeError) -> PaymentIntent {
        try await stripe.retrievePaymentIntent(id, deadline: deadline)
    }

    /// Cancels the intent, or says what it has become instead.
    ///
    /// - Parameter try: which try it is; a refusal is repeated by Stripe under the same key.
    func cancel(
        _ id: String, of payment: Payment, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> IntentReport {
        do throws(StripeError) {
            return IntentReport(
                try await stripe.cancelPaymentIntent(
                    id, reason: "abandoned", idempotencyKey: "cancel-\(payment.id.text)-\(payment.checks)",
                    deadline: deadline))
        } catch {
            if let intent = error.paymentIntent { return IntentReport(intent) }
            guard case .invalidRequest = error.kind else { throw error }
            return IntentReport(try await stripe.retrievePaymentIntent(id, deadline: deadline))
        }
    }

    /// The intent of a payment whose own id was never heard; nil when Stripe has none.
    ///
    /// The list is never behind, but long; search finds at once what is older than a minute.
    func findIntent(
        of payment: Payment, quietSince posted: Timestamp, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> PaymentIntent? {
        let metadata = [Self.paymentKey: payment.id.text]
        let found: [PaymentIntent]
        if Timestamp.now() - posted > .seconds(600) {
            found = try await stripe.searchPaymentIntents(metadata: metadata, deadline: deadline).elements
        } else {
            // Stripe's clock and ours differ.
            found = try await stripe.findPaymentIntents(
                metadata: metadata, createdSince: payment.createdAt.seconds - 300, deadline: deadline)
        }
        return found.first { $0.status == .succeeded } ?? found.first
    }

    /// Gives back a part of a payment. The refund is found again by its own metadata when the key is too old.
    func refund(
        _ refundId: UUID, amount: Int64, of intentId: String, reason: String, key: String, isKeyFresh: Bool,
        deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> RefundReport {
        if !isKeyFresh, let made = try await findRefund(refundId, of: intentId, deadline: deadline) { return made }
        var parameters = StripeClient.RefundParameters(
            paymentIntent: intentId, amount: amount, reason: reason)
        parameters.metadata = [RefundReport.metadataKey: refundId.text]
        do throws(StripeError) {
            return RefundReport(
                try await stripe.createRefund(parameters, idempotencyKey: key, deadline: deadline))
        } catch {
            guard case .invalidRequest = error.kind, error.httpStatus != nil else { throw error }
            if let made = try await findRefund(refundId, of: intentId, deadline: deadline) { return made }
            return RefundReport(refused: refundId, amount: amount, because: error.message)
        }
    }

    func refund(_ stripeId: String, deadline: ContinuousClock.Instant) async throws(StripeError) -> RefundReport {
        RefundReport(try await stripe.retrieveRefund(stripeId, deadline: deadline))
    }

    func refunds(of intentId: String, deadline: ContinuousClock.Instant) async throws(StripeError) -> [RefundReport] {
        try await stripe.listRefunds(paymentIntent: intentId, deadline: deadline).elements.map { RefundReport($0) }
    }

    private func findRefund(
        _ refundId: UUID, of intentId: String, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> RefundReport? {
        try await refunds(of: intentId, deadline: deadline).first { $0.refundId == refundId }
    }
}
