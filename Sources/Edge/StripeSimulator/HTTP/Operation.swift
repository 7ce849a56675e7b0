/// The calls of Stripe's API that the simulator answers.
enum Operation: Sendable, Hashable {
    case createIntent, listIntents, searchIntents
    case retrieveIntent(String), updateIntent(String), confirmIntent(String), cancelIntent(String), captureIntent(
        String)
    case createRefund, listRefunds, retrieveRefund(String)
    case listEvents, retrieveEvent(String)
    case listCharges, retrieveCharge(String)
    case listDisputes, retrieveDispute(String), updateDispute(String), closeDispute(String)

    /// - Parameter path: decoded segments after `/v1`.
    init?(method: String, path: [String]) {
        switch (method, path.first ?? "", path.dropFirst().first, path.dropFirst(2).first, path.count) {
        case ("POST", "payment_intents", nil, nil, 1): self = .createIntent
        case ("GET", "payment_intents", nil, nil, 1): self = .listIntents
        case ("GET", "payment_intents", "search", nil, 2): self = .searchIntents
        case ("GET", "payment_intents", let id?, nil, 2): self = .retrieveIntent(id)
        case ("POST", "payment_intents", let id?, nil, 2): self = .updateIntent(id)
        case ("POST", "payment_intents", let id?, "confirm", 3): self = .confirmIntent(id)
        case ("POST", "payment_intents", let id?, "cancel", 3): self = .cancelIntent(id)
        case ("POST", "payment_intents", let id?, "capture", 3): self = .captureIntent(id)
        case ("POST", "refunds", nil, nil, 1): self = .createRefund
        case ("GET", "refunds", nil, nil, 1): self = .listRefunds
        case ("GET", "refunds", let id?, nil, 2): self = .retrieveRefund(id)
        case ("GET", "events", nil, nil, 1): self = .listEvents
        case ("GET", "events", let id?, nil, 2): self = .retrieveEvent(id)
        case ("GET", "charges", nil, nil, 1): self = .listCharges
        case ("GET", "charges", let id?, nil, 2): self = .retrieveCharge(id)
        case ("GET", "disputes", nil, nil, 1): self = .listDisputes
        case ("GET", "disputes", let id?, nil, 2): self = .retrieveDispute(id)
        case ("POST", "disputes", let id?, nil, 2): self = .updateDispute(id)
        case ("POST", "disputes", let id?, "close", 3): self = .closeDispute(id)
        default: return nil
        }
    }

    var hasEffect: Bool {
        switch self {
        case .createIntent, .updateIntent, .confirmIntent, .cancelIntent, .captureIntent, .createRefund, .updateDispute,
            .closeDispute:
            true
        default: false
        }
    }
}
