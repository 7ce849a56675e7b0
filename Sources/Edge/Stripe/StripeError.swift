/// Why a call to Stripe did not give its result.
///
/// Two questions decide what a caller does next: ``isRetriable`` (may the same call be sent again under the same
/// idempotency key) and ``outcomeUnknown`` (may Stripe have done the work although it gave no result).
public struct StripeError: Error, Sendable {
    public enum Kind: Sendable, Hashable {
        /// The card was refused: `code` such as `card_declined` or `expired_card`, `declineCode` such as
        /// `insufficient_funds`.
        case card(code: String, declineCode: String?)
        /// The idempotency key was used before with other parameters, or is in use by a request in flight (HTTP 409).
        case idempotency
        /// The request is wrong and stays wrong; `param` is the field that Stripe names.
        case invalidRequest(param: String?)
        case rateLimited
        /// Stripe failed: HTTP 5xx.
        case api
        /// The API key was refused.
        case authentication
        /// The deadline passed.
        case timeout
        /// The connection could not be made, or broke.
        case connection
        /// An answer arrived that is not what Stripe documents.
        case decoding
        /// The calling task was cancelled.
        case cancelled
    }

    public var kind: Kind
    /// Stripe's own code, such as `card_declined`, `resource_missing` or `amount_too_small`.
    public var code: String?
    /// What happened, in one line. Never holds a secret.
    public var message: String
    /// nil when no answer arrived.
    public var httpStatus: Int?
    /// Stripe's `Request-Id`, to be quoted to its support.
    public var requestId: String?
    /// The intent as Stripe left it; present with most card errors.
    public var paymentIntent: PaymentIntent?
    /// True when Stripe may have carried out the call. Ask again under the same idempotency key, or look the object up;
    /// a call under a new key could charge twice.
    public var outcomeUnknown: Bool

    public init(
        kind: Kind, code: String? = nil, message: String, httpStatus: Int? = nil, requestId: String? = nil,
        paymentIntent: PaymentIntent? = nil, outcomeUnknown: Bool = false
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
        self.requestId = requestId
        self.paymentIntent = paymentIntent
        self.outcomeUnknown = outcomeUnknown
    }

    /// True when the same call, under the same idempotency key, may end otherwise later.
    public var isRetriable: Bool {
        switch kind {
        case .rateLimited, .api, .timeout, .connection: true
        case .idempotency: httpStatus == 409
        case .card, .invalidRequest, .authentication, .decoding, .cancelled: false
        }
    }
}

extension StripeError: CustomStringConvertible {
    public var description: String {
        var line = "stripe \(label): \(message)"
        if let httpStatus { line += " (HTTP \(httpStatus))" }
        if let requestId { line += " [\(requestId)]" }
        if outcomeUnknown { line += "; the outcome is unknown" }
        return line
    }

    /// A bounded set of words, fit for a metric's label.
    public var label: String {
        switch kind {
        case .card: "card_error"
        case .idempotency: "idempotency_error"
        case .invalidRequest: "invalid_request"
        case .rateLimited: "rate_limited"
        case .api: "api_error"
        case .authentication: "authentication_error"
        case .timeout: "timeout"
        case .connection: "connection_error"
        case .decoding: "decoding_error"
        case .cancelled: "cancelled"
        }
    }
}
