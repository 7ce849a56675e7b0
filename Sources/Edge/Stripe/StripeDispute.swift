/// A customer's bank takes a payment back.
public struct StripeDispute: Sendable, Hashable {
    public var id: String
    /// In Stripe's minor unit of ``currency``.
    public var amount: Int64
    /// Lowercase ISO 4217 code.
    public var currency: String
    /// Such as `fraudulent` or `product_not_received`.
    public var reason: String
    /// Such as `needs_response`, `won` or `lost`.
    public var status: String
    public var charge: String?
    public var paymentIntent: String?
}

extension StripeDispute: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, amount, currency, reason, status, charge
        case paymentIntent = "payment_intent"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        amount = try values.decode(Int64.self, forKey: .amount)
        currency = try values.decode(String.self, forKey: .currency)
        reason = try values.decode(String.self, forKey: .reason)
        status = try values.decode(String.self, forKey: .status)
        charge = try values.decodeIfPresent(StripeReference.self, forKey: .charge)?.id
        paymentIntent = try values.decodeIfPresent(StripeReference.self, forKey: .paymentIntent)?.id
    }
}
