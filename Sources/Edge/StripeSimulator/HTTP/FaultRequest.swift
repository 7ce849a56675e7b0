/// The body of `POST /sim/faults`.
///
/// ```
/// {"latencyMs": 20,
///  "failNext": {"status": 500, "count": 1, "afterEffect": true, "recorded": false, "shouldRetry": true,
///               "retryAfterSeconds": 1, "method": "POST", "path": "/v1/payment_intents"},
///  "hold": {"count": 1, "afterEffect": true},
///  "webhooks": {"drop": 1, "duplicate": 1, "reverse": 2, "delayMs": 500},
///  "reset": true}
/// ```
/// `failNext` is one rule or a list; `"drop": true` in place of `status` closes the connection. What is absent stays as
/// it is; `reset` clears all rules first and lets held answers go.
struct FaultRequest: Decodable {
    struct Rule: Decodable {
        var status: Int?
        var drop: Bool?
        var count: Int?
        var afterEffect: Bool?
        var recorded: Bool?
        var shouldRetry: Bool?
        var retryAfterSeconds: Int?
        var method: String?
        var path: String?
    }

    struct Rules: Decodable {
        var rules: [Rule]
        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let rules = try? value.decode([Rule].self) {
                self.rules = rules
            } else {
                rules = [try value.decode(Rule.self)]
            }
        }
    }

    struct Webhooks: Decodable {
        var drop: Int?
        var duplicate: Int?
        var reverse: Int?
        var delayMs: Int?
    }

    var latencyMs: Int?
    var failNext: Rules?
    var hold: Rules?
    var webhooks: Webhooks?
    var reset: Bool?

    /// - Throws: what is out of bounds. Nothing is changed then.
    func apply(to faults: FaultInjector) throws(APIFailure) -> FaultInjector {
        var faults = reset == true ? FaultInjector() : faults
        if let latencyMs {
            guard (0...FaultInjector.latencyLimitMs).contains(latencyMs) else {
                throw .invalid("latencyMs", "latencyMs must be 0 to \(FaultInjector.latencyLimitMs)")
            }
            faults.latencyMs = latencyMs
        }
        for rule in failNext?.rules ?? [] { faults.rules.append(try Self.rule(rule, holds: false)) }
        for rule in hold?.rules ?? [] { faults.rules.append(try Self.rule(rule, holds: true)) }
        guard faults.rules.count <= FaultInjector.ruleLimit else {
            throw .invalid("failNext", "there can be at most \(FaultInjector.ruleLimit) rules")
        }
        return faults
    }

    func apply(to faults: WebhookFaults) throws(APIFailure) -> WebhookFaults {
        var faults = reset == true ? WebhookFaults() : faults
        guard let webhooks else { return faults }
        for count in [webhooks.drop, webhooks.duplicate, webhooks.reverse].compactMap({ $0 }) {
            guard (0...WebhookFaults.countLimit).contains(count) else {
                throw .invalid("webhooks", "counts of webhooks must be 0 to \(WebhookFaults.countLimit)")
            }
        }
        guard (0...WebhookFaults.delayLimitMs).contains(webhooks.delayMs ?? 0) else {
            throw .invalid("webhooks", "webhooks.delayMs must be 0 to \(WebhookFaults.delayLimitMs)")
        }
        faults.drop = webhooks.drop ?? faults.drop
        faults.duplicate = webhooks.duplicate ?? faults.duplicate
        faults.reverse = webhooks.reverse ?? faults.reverse
        faults.delayMs = webhooks.delayMs ?? faults.delayMs
        return faults
    }

    private static func rule(_ rule: Rule, holds: Bool) throws(APIFailure) -> FaultInjector.Rule {
        let failure: FaultInjector.Rule.Failure
        switch (holds, rule.drop ?? false, rule.status) {
        case (true, false, nil): failure = .hold
        case (false, true, nil): failure = .drop
        case (false, false, let status?) where (400...599).contains(status): failure = .status(status)
        default: throw .invalid("failNext", "a rule needs a status of 400 to 599, or drop; a hold needs neither")
        }
        guard (1...1_000_000).contains(rule.count ?? 1) else {
            throw .invalid("count", "count must be 1 to 1000000")
        }
        let afterEffect = rule.afterEffect ?? holds
        var result = FaultInjector.Rule(failure: failure, count: rule.count ?? 1, afterEffect: afterEffect)
        if case .status(500...) = failure { result.isRecorded = rule.recorded ?? afterEffect }
        result.shouldRetry = rule.shouldRetry
        result.retryAfterSeconds = rule.retryAfterSeconds
        result.method = rule.method
        result.path = rule.path
        return result
    }
}
