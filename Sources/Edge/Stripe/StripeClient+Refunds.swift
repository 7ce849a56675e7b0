extension StripeClient {
    public struct RefundParameters: Sendable {
        public var paymentIntent: String
        /// In Stripe's minor unit; nil gives back all that is left.
        public var amount: Int64?
        /// `duplicate`, `fraudulent` or `requested_by_customer`.
        public var reason: String?
        public var metadata: [String: String] = [:]

        public init(paymentIntent: String, amount: Int64? = nil, reason: String? = nil) {
            self.paymentIntent = paymentIntent
            self.amount = amount
            self.reason = reason
        }
    }

    /// - Throws: ``StripeError/Kind/invalidRequest(param:)`` when more would be given back than was taken.
    public func createRefund(
        _ parameters: RefundParameters, idempotencyKey: String, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> Refund {
        var form = StripeForm()
        form.set("payment_intent", parameters.paymentIntent)
        form.set("amount", parameters.amount)
        form.set("reason", parameters.reason)
        form.set("metadata", parameters.metadata)
        return try await send(.post("/v1/refunds", form, idempotencyKey: idempotencyKey), deadline: deadline)
    }

    public func retrieveRefund(_ id: String, deadline: ContinuousClock.Instant) async throws(StripeError) -> Refund {
        try await send(.get("/v1/refunds/\(StripeRequest.segment(id))"), deadline: deadline)
    }

    /// The refunds of one intent, newest first.
    public func listRefunds(
        paymentIntent: String, startingAfter: String? = nil, limit: Int = 100, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> StripePage<Refund> {
        var form = Self.page(startingAfter, limit)
        form.set("payment_intent", paymentIntent)
        return try await send(.get("/v1/refunds", form), deadline: deadline)
    }
}
