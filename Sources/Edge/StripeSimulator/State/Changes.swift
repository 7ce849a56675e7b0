/// All that one request does, applied and journalled as a whole or not at all.
struct Changes: Sendable {
    var intents: [IntentRecord] = []
    var charges: [ChargeRecord] = []
    var refunds: [RefundRecord] = []
    var disputes: [DisputeRecord] = []
    var events: [EventRecord] = []
    var idempotency: [IdempotencyRecord] = []
    /// Ids of events whose delivery ended.
    var delivered: [String] = []

    var isEmpty: Bool {
        intents.isEmpty && charges.isEmpty && refunds.isEmpty && disputes.isEmpty && events.isEmpty
            && idempotency.isEmpty && delivered.isEmpty
    }
}

extension Changes: Codable {
    private enum CodingKeys: String, CodingKey {
        case intents, charges, refunds, disputes, events, idempotency, delivered
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        intents = try values.decodeIfPresent([IntentRecord].self, forKey: .intents) ?? []
        charges = try values.decodeIfPresent([ChargeRecord].self, forKey: .charges) ?? []
        refunds = try values.decodeIfPresent([RefundRecord].self, forKey: .refunds) ?? []
        disputes = try values.decodeIfPresent([DisputeRecord].self, forKey: .disputes) ?? []
        events = try values.decodeIfPresent([EventRecord].self, forKey: .events) ?? []
        idempotency = try values.decodeIfPresent([IdempotencyRecord].self, forKey: .idempotency) ?? []
        delivered = try values.decodeIfPresent([String].self, forKey: .delivered) ?? []
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        if !intents.isEmpty { try values.encode(intents, forKey: .intents) }
        if !charges.isEmpty { try values.encode(charges, forKey: .charges) }
        if !refunds.isEmpty { try values.encode(refunds, forKey: .refunds) }
        if !disputes.isEmpty { try values.encode(disputes, forKey: .disputes) }
        if !events.isEmpty { try values.encode(events, forKey: .events) }
        if !idempotency.isEmpty { try values.encode(idempotency, forKey: .idempotency) }
        if !delivered.isEmpty { try values.encode(delivered, forKey: .delivered) }
    }
}
