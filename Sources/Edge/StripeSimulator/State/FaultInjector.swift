/// Which of the next requests go wrong, and how.
struct FaultInjector: Sendable {
    struct Rule: Sendable {
        enum Failure: Sendable {
            /// This HTTP status is answered.
            case status(Int)
            /// The connection is closed without an answer.
            case drop
            /// The answer waits until it is released.
            case hold
        }

        var failure: Failure
        /// How many requests it still meets.
        var count: Int
        /// True: the request is carried out and only its answer is lost or late. False: it goes wrong before.
        var afterEffect: Bool
        /// True: the injected status becomes the first answer under the idempotency key and is replayed, as Stripe does
        /// with its own failures. False: what was done is recorded, as when a proxy in between fails.
        var isRecorded = false
        var shouldRetry: Bool?
        var retryAfterSeconds: Int?
        var method: String?
        /// Start of the path.
        var path: String?

        func meets(method: String, path: String) -> Bool {
            (self.method ?? method) == method && (self.path.map { path.hasPrefix($0) } ?? true)
        }
    }

    var latencyMs = 0
    var rules: [Rule] = []

    static let latencyLimitMs = 30_000
    static let ruleLimit = 100

    /// The first rule that meets the request; it is used up by one.
    mutating func next(method: String, path: String) -> Rule? {
        guard let index = rules.firstIndex(where: { $0.meets(method: method, path: path) }) else { return nil }
        let rule = rules[index]
        rules[index].count -= 1
        if rules[index].count <= 0 { rules.remove(at: index) }
        return rule
    }
}

extension FaultInjector.Rule {
    /// The answer of a failing request; nil when the rule does not answer.
    var answer: APIAnswer? {
        guard case .status(let status) = failure else { return nil }
        var answer = APIFailure.injected(status).answer
        if let shouldRetry { answer.headers.append(("stripe-should-retry", shouldRetry ? "true" : "false")) }
        if let retryAfterSeconds { answer.headers.append(("retry-after", String(retryAfterSeconds))) }
        return answer
    }
}
