extension PaymentIntent: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, amount, currency, status, metadata, created, livemode
        case amountReceived = "amount_received"
        case amountCapturable = "amount_capturable"
        case clientSecret = "client_secret"
        case lastPaymentError = "last_payment_error"
        case nextAction = "next_action"
        case latestCharge = "latest_charge"
        case paymentMethod = "payment_method"
        case cancellationReason = "cancellation_reason"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        amount = try values.decode(Int64.self, forKey: .amount)
        amountReceived = try values.decodeIfPresent(Int64.self, forKey: .amountReceived) ?? 0
        amountCapturable = try values.decodeIfPresent(Int64.self, forKey: .amountCapturable) ?? 0
        currency = try values.decode(String.self, forKey: .currency)
        status = try values.decode(Status.self, forKey: .status)
        clientSecret = try values.decodeIfPresent(String.self, forKey: .clientSecret)
        lastPaymentError = try values.decodeIfPresent(PaymentError.self, forKey: .lastPaymentError)
        nextAction = try values.decodeIfPresent(NextAction.self, forKey: .nextAction)
        latestCharge = try values.decodeIfPresent(StripeReference.self, forKey: .latestCharge)?.id
        paymentMethod = try values.decodeIfPresent(StripeReference.self, forKey: .paymentMethod)?.id
        cancellationReason = try values.decodeIfPresent(String.self, forKey: .cancellationReason)
        metadata = try values.decodeIfPresent([String: String].self, forKey: .metadata) ?? [:]
        created = try values.decode(Int64.self, forKey: .created)
        livemode = try values.decodeIfPresent(Bool.self, forKey: .livemode) ?? false
    }
}

extension PaymentIntent.NextAction: Decodable {
    private enum CodingKeys: String, CodingKey {
        case type
        case redirect = "redirect_to_url"
    }
    private enum RedirectKeys: String, CodingKey { case url }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        type = try values.decode(String.self, forKey: .type)
        guard type == "redirect_to_url" else { return }
        redirectURL = try values.nestedContainer(keyedBy: RedirectKeys.self, forKey: .redirect)
            .decodeIfPresent(String.self, forKey: .url)
    }
}
