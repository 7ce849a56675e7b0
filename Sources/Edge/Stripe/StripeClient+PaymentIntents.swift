extension StripeClient {
    /// What a new intent is made of.
    public struct PaymentIntentParameters: Sendable {
        /// In Stripe's minor unit; see ``StripeCurrency/validate(amount:)``.
        public var amount: Int64
        /// ISO 4217 code.
        public var currency: String
        /// Such as `pm_card_visa`; nil leaves the intent in `requires_payment_method`.
        public var paymentMethod: String?
        /// Charge at once. Default true.
        public var confirm = true
        /// Where the customer's browser comes back to after 3-D Secure. Without it only cards are accepted, and
        /// 3-D Secure runs inside Stripe's browser library.
        public var returnURL: String?
        /// At most 50 pairs; keys of 40 and values of 500 characters at most.
        public var metadata: [String: String] = [:]
        public var customer: String?
        public var description: String?

        public init(amount: Int64, currency: String, paymentMethod: String?) {
            self.amount = amount
            self.currency = currency
            self.paymentMethod = paymentMethod
        }
    }

    /// - Throws: ``StripeError/Kind/card(code:declineCode:)`` with ``StripeError/paymentIntent`` when the card is
    ///   refused.
    public func createPaymentIntent(
        _ parameters: PaymentIntentParameters, idempotencyKey: String, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> PaymentIntent {
        var form = StripeForm()
        form.set("amount", parameters.amount)
        form.set("currency", parameters.currency.lowercased())
        form.set("payment_method", parameters.paymentMethod)
        form.set("confirm", parameters.confirm)
        form.set("customer", parameters.customer)
        form.set("description", parameters.description)
        form.set("metadata", parameters.metadata)
        if let returnURL = parameters.returnURL {
            form.set("automatic_payment_methods", ["enabled": "true"])
            // Stripe takes a return URL only together with a confirmation.
            if parameters.confirm { form.set("return_url", returnURL) }
        } else {
            form.set("payment_method_types", ["card"])
        }
        return try await send(
            .post("/v1/payment_intents", form, idempotencyKey: idempotencyKey), deadline: deadline)
    }

    /// Charges an intent that was made without confirmation, or tries again with another payment method.
    public func confirmPaymentIntent(
        _ id: String, paymentMethod: String? = nil, returnURL: String? = nil, idempotencyKey: String,
        deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> PaymentIntent {
        var form = StripeForm()
        form.set("payment_method", paymentMethod)
        form.set("return_url", returnURL)
        return try await act("confirm", on: id, form, idempotencyKey, deadline)
    }

    /// Takes money that was only reserved.
    /// - Parameter amount: less than all of it gives the rest back; nil takes all.
    public func capturePaymentIntent(
        _ id: String, amount: Int64? = nil, idempotencyKey: String, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> PaymentIntent {
        var form = StripeForm()
        form.set("amount_to_capture", amount)
        return try await act("capture", on: id, form, idempotencyKey, deadline)
    }

    /// - Parameter reason: `duplicate`, `fraudulent`, `requested_by_customer` or `abandoned`.
    public func cancelPaymentIntent(
        _ id: String, reason: String? = nil, idempotencyKey: String, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> PaymentIntent {
        var form = StripeForm()
        form.set("cancellation_reason", reason)
        return try await act("cancel", on: id, form, idempotencyKey, deadline)
    }

    public func retrievePaymentIntent(
        _ id: String, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> PaymentIntent {
        try await send(.get("/v1/payment_intents/\(StripeRequest.segment(id))"), deadline: deadline)
    }

    private func act(
        _ verb: String, on id: String, _ form: StripeForm, _ idempotencyKey: String, _ deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> PaymentIntent {
        let path = "/v1/payment_intents/\(try StripeRequest.segment(id))/\(verb)"
        return try await send(.post(path, form, idempotencyKey: idempotencyKey), deadline: deadline)
    }
}
