internal import FoundationEssentials

extension StripeError {
    /// The body of every error answer: `{"error": {...}}`.
    private struct Envelope: Decodable {
        struct Body: Decodable {
            var type: String?
            var code: String?
            var declineCode: String?
            var message: String?
            var param: String?
            var paymentIntent: PaymentIntent?

            enum CodingKeys: String, CodingKey {
                case type, code, message, param
                case declineCode = "decline_code"
                case paymentIntent = "payment_intent"
            }
        }
        var error: Body
    }

    /// Reads an answer whose status is not 2xx.
    ///
    /// The status decides before the body's `type` does: a proxy in between may answer without Stripe's body.
    /// - Parameter hasEffect: whether the request was a POST, so that a failure may hide a success.
    init(status: Int, body: [UInt8], requestId: String?, hasEffect: Bool) {
        let error = try? JSONDecoder().decode(Envelope.self, from: Data(body)).error
        let kind: Kind =
            switch (status, error?.type) {
            case (401, _), (403, _): .authentication
            case (429, _): .rateLimited
            case (500..., _): .api
            case (409, _), (_, "idempotency_error"): .idempotency
            case (_, "card_error"), (402, _):
                .card(code: error?.code ?? "card_error", declineCode: error?.declineCode)
            case (400..<500, _): .invalidRequest(param: error?.param)
            default: .decoding
            }
        self.init(
            kind: kind,
            code: error?.code,
            message: error?.message ?? "the answer has no error text",
            httpStatus: status,
            requestId: requestId,
            paymentIntent: error?.paymentIntent,
            outcomeUnknown: hasEffect && (status >= 500 || status == 409 || status < 400))
    }

    /// Whether this error says what became of an earlier attempt under the same key. A refusal for rate, a failure or
    /// silence say nothing about it.
    var settlesEarlierAttempts: Bool {
        switch kind {
        case .card, .invalidRequest: true
        case .idempotency, .rateLimited, .api, .authentication, .timeout, .connection, .decoding, .cancelled: false
        }
    }
}
