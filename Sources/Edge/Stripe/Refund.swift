/// Money on its way back to the customer. A refund that succeeded can still fail later, when the bank returns it.
public struct Refund: Sendable, Hashable {
    public var id: String
    /// In Stripe's minor unit of ``currency``.
    public var amount: Int64
    /// Lowercase ISO 4217 code.
    public var currency: String
    public var status: Status
    public var paymentIntent: String?
    public var charge: String?
    public var reason: String?
    /// Present in ``Status/failed``.
    public var failureReason: String?
    public var metadata: [String: String]
    /// Seconds since 1970.
    public var created: Int64

    public enum Status: Sendable, Hashable {
        case pending
        case requiresAction
        case succeeded
        case failed
        case canceled
        /// A status that this version does not know; treat it as not yet decided.
        case unknown(String)
    }
}

extension Refund.Status: RawRepresentable, Codable {
    public init(rawValue: String) {
        self =
            switch rawValue {
            case "pending": .pending
            case "requires_action": .requiresAction
            case "succeeded": .succeeded
            case "failed": .failed
            case "canceled": .canceled
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .pending: "pending"
        case .requiresAction: "requires_action"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .canceled: "canceled"
        case .unknown(let text): text
        }
    }
}

extension Refund: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, amount, currency, status, charge, reason, metadata, created
        case paymentIntent = "payment_intent"
        case failureReason = "failure_reason"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        amount = try values.decode(Int64.self, forKey: .amount)
        currency = try values.decode(String.self, forKey: .currency)
        status = try values.decodeIfPresent(Status.self, forKey: .status) ?? .unknown("")
        paymentIntent = try values.decodeIfPresent(StripeReference.self, forKey: .paymentIntent)?.id
        charge = try values.decodeIfPresent(StripeReference.self, forKey: .charge)?.id
        reason = try values.decodeIfPresent(String.self, forKey: .reason)
        failureReason = try values.decodeIfPresent(String.self, forKey: .failureReason)
        metadata = try values.decodeIfPresent([String: String].self, forKey: .metadata) ?? [:]
        created = try values.decode(Int64.self, forKey: .created)
    }
}
