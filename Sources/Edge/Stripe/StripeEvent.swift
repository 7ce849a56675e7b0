/// Something that happened at Stripe, from a webhook or from the list of events.
///
/// Events come late, twice and in any order: store ``id`` under a unique key before acting, and fetch the object again
/// when its current state matters.
public struct StripeEvent: Sendable, Hashable {
    public var id: String
    /// Such as `payment_intent.succeeded`.
    public var type: String
    /// Seconds since 1970.
    public var created: Int64
    public var livemode: Bool
    public var apiVersion: String?
    /// The object as it was when the event happened.
    public var object: Object

    public enum Object: Sendable, Hashable {
        case paymentIntent(PaymentIntent)
        case refund(Refund)
        case charge(StripeCharge)
        case dispute(StripeDispute)
        /// An object that this client does not read; the value is Stripe's name of its kind.
        case other(String)
    }

    /// The intent that the event is about, whatever its object is.
    public var paymentIntentId: String? {
        switch object {
        case .paymentIntent(let intent): intent.id
        case .refund(let refund): refund.paymentIntent
        case .charge(let charge): charge.paymentIntent
        case .dispute(let dispute): dispute.paymentIntent
        case .other: nil
        }
    }
}

extension StripeEvent: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, type, created, livemode, data
        case apiVersion = "api_version"
    }
    private enum DataKeys: String, CodingKey { case object }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        type = try values.decode(String.self, forKey: .type)
        created = try values.decode(Int64.self, forKey: .created)
        livemode = try values.decodeIfPresent(Bool.self, forKey: .livemode) ?? false
        apiVersion = try values.decodeIfPresent(String.self, forKey: .apiVersion)
        let data = try values.nestedContainer(keyedBy: DataKeys.self, forKey: .data)
        object = try data.decode(Object.self, forKey: .object)
    }
}

extension StripeEvent.Object: Decodable {
    private enum CodingKeys: String, CodingKey { case object }

    public init(from decoder: any Decoder) throws {
        let kind = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .object)
        self =
            switch kind {
            case "payment_intent": .paymentIntent(try PaymentIntent(from: decoder))
            case "refund": .refund(try Refund(from: decoder))
            case "charge": .charge(try StripeCharge(from: decoder))
            case "dispute": .dispute(try StripeDispute(from: decoder))
            default: .other(kind ?? "")
            }
    }
}
