/// A payment as Stripe sees it: one amount, any number of attempts, at most one success.
public struct PaymentIntent: Sendable, Hashable {
    public var id: String
    /// In Stripe's minor unit of ``currency``; see ``StripeCurrency/exponent``.
    public var amount: Int64
    public var amountReceived: Int64
    public var amountCapturable: Int64
    /// Lowercase ISO 4217 code.
    public var currency: String
    public var status: Status
    /// Lets the customer's browser finish this payment; give it to nobody else.
    public var clientSecret: String?
    /// Why the latest attempt failed; nil after a success.
    public var lastPaymentError: PaymentError?
    /// What the customer has to do; present in ``Status/requiresAction``.
    public var nextAction: NextAction?
    public var latestCharge: String?
    public var paymentMethod: String?
    public var cancellationReason: String?
    public var metadata: [String: String]
    /// Seconds since 1970.
    public var created: Int64
    public var livemode: Bool

    public struct PaymentError: Sendable, Hashable, Decodable {
        public var type: String
        public var code: String?
        public var declineCode: String?
        public var message: String?
        public var charge: String?

        private enum CodingKeys: String, CodingKey {
            case type, code, message, charge
            case declineCode = "decline_code"
        }
    }

    public struct NextAction: Sendable, Hashable {
        /// `redirect_to_url` or `use_stripe_sdk`.
        public var type: String
        /// Where to send the customer's browser; only with `redirect_to_url`.
        public var redirectURL: String?
    }
}

extension PaymentIntent {
    public enum Status: Sendable, Hashable {
        case requiresPaymentMethod
        case requiresConfirmation
        case requiresAction
        case processing
        case requiresCapture
        case canceled
        case succeeded
        /// A status that this version does not know; treat it as not yet decided.
        case unknown(String)

        /// True when the intent never changes its status again.
        public var isFinal: Bool { self == .succeeded || self == .canceled }
    }
}

extension PaymentIntent.Status: RawRepresentable, Codable {
    public init(rawValue: String) {
        self =
            switch rawValue {
            case "requires_payment_method": .requiresPaymentMethod
            case "requires_confirmation": .requiresConfirmation
            case "requires_action": .requiresAction
            case "processing": .processing
            case "requires_capture": .requiresCapture
            case "canceled": .canceled
            case "succeeded": .succeeded
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .requiresPaymentMethod: "requires_payment_method"
        case .requiresConfirmation: "requires_confirmation"
        case .requiresAction: "requires_action"
        case .processing: "processing"
        case .requiresCapture: "requires_capture"
        case .canceled: "canceled"
        case .succeeded: "succeeded"
        case .unknown(let text): text
        }
    }
}
