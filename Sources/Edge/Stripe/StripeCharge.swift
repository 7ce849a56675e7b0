/// One attempt to take the money of a ``PaymentIntent``.
public struct StripeCharge: Sendable, Hashable {
    public var id: String
    /// In Stripe's minor unit of ``currency``, like the other amounts.
    public var amount: Int64
    public var amountCaptured: Int64
    public var amountRefunded: Int64
    /// Lowercase ISO 4217 code.
    public var currency: String
    public var paid: Bool
    /// True when all of it was refunded.
    public var refunded: Bool
    public var disputed: Bool
    /// `succeeded`, `pending` or `failed`.
    public var status: String
    public var paymentIntent: String?
    public var metadata: [String: String]
}

extension StripeCharge: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, amount, currency, paid, refunded, disputed, status, metadata
        case amountCaptured = "amount_captured"
        case amountRefunded = "amount_refunded"
        case paymentIntent = "payment_intent"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        amount = try values.decode(Int64.self, forKey: .amount)
        amountCaptured = try values.decodeIfPresent(Int64.self, forKey: .amountCaptured) ?? 0
        amountRefunded = try values.decodeIfPresent(Int64.self, forKey: .amountRefunded) ?? 0
        currency = try values.decode(String.self, forKey: .currency)
        paid = try values.decodeIfPresent(Bool.self, forKey: .paid) ?? false
        refunded = try values.decodeIfPresent(Bool.self, forKey: .refunded) ?? false
        disputed = try values.decodeIfPresent(Bool.self, forKey: .disputed) ?? false
        status = try values.decode(String.self, forKey: .status)
        paymentIntent = try values.decodeIfPresent(StripeReference.self, forKey: .paymentIntent)?.id
        metadata = try values.decodeIfPresent([String: String].self, forKey: .metadata) ?? [:]
    }
}
