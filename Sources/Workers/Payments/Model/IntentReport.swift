import Stripe

/// What Stripe says of the intent of a payment.
struct IntentReport: ProviderReport, Sendable, Hashable {
    enum Standing: Sendable, Hashable {
        /// It exists, and nothing is decided.
        case undecided
        case processing
        case requiresAction
        case succeeded
        case failed(PaymentFailure)
        case cancelled
    }

    /// Nil when Stripe made none.
    let intentId: String?
    let standing: Standing
    /// An answer of Stripe tells how it is; a webhook tells how it was, and may come late.
    let isCurrent: Bool
    /// Where the customer has to go.
    let redirectURL: String?
    /// For the customer's browser alone: not logged, and stored only in the reply that an
    /// idempotency key replays while it is remembered.
    let clientSecret: String?
    var call: ProviderCall?

    init(
        intentId: String?, _ standing: Standing, isCurrent: Bool = true, redirectURL: String? = nil,
        clientSecret: String? = nil
    ) {
        self.intentId = intentId
        self.standing = standing
        self.isCurrent = isCurrent
        self.redirectURL = redirectURL
        self.clientSecret = clientSecret
    }

    init(_ intent: PaymentIntent, isCurrent: Bool = true) {
        let standing: Standing =
            switch intent.status {
            case .succeeded: .succeeded
            case .canceled: .cancelled
            case .requiresAction: .requiresAction
            // Capture is automatic here; an intent that waits for one was made by somebody else.
            case .processing, .requiresCapture: .processing
            case .requiresPaymentMethod: intent.lastPaymentError.map { .failed(PaymentFailure($0)) } ?? .undecided
            case .requiresConfirmation, .unknown: .undecided
            }
        self.init(
            intentId: intent.id, standing, isCurrent: isCurrent, redirectURL: intent.nextAction?.redirectURL,
            clientSecret: intent.clientSecret)
    }

    /// What an error says for certain; nil when it leaves the outcome open.
    init?(_ error: StripeError) {
        switch error.kind {
        case .card(let code, let declineCode):
            self.init(
                intentId: error.paymentIntent?.id,
                .failed(PaymentFailure(.declined, code: code, declineCode: declineCode, message: error.message)))
        case .invalidRequest(let parameter) where error.httpStatus != nil && !error.outcomeUnknown:
            // An intent that it names exists, and its own state says more.
            if let intent = error.paymentIntent {
                self.init(intent)
            } else {
                self.init(
                    intentId: nil,
                    .failed(
                        PaymentFailure(
                            .notMade, code: error.code ?? "invalid_request", message: error.message,
                            parameter: parameter)))
            }
        default: return nil
        }
    }
}

extension PaymentFailure {
    init(_ error: PaymentIntent.PaymentError) {
        self.init(
            .declined, code: error.code ?? error.type, declineCode: error.declineCode,
            message: error.message ?? "The payment was declined.")
    }
}
