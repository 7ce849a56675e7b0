/// Decides whether a failed attempt is sent again, and after how long.
///
/// HTTP 409, HTTP 429 (too many calls, or `lock_timeout`: nothing was done), HTTP 5xx, broken connections and timeouts are;
/// `Stripe-Should-Retry` overrules either way.
public struct RetryPolicy: Sendable {
    /// Attempts after the first. Default 2.
    public var maxRetries = 2
    /// The wait before the first retry, and the shortest of all. Default 0.5 s.
    public var firstDelay: Duration = .milliseconds(500)
    /// Default 5 s.
    public var longestDelay: Duration = .seconds(5)

    public init() {}

    /// What the answer's headers say about retrying.
    struct Advice: Sendable, Equatable {
        /// `Stripe-Should-Retry`.
        var shouldRetry: Bool?
        /// `Retry-After`, in seconds.
        var retryAfter: Duration?
    }

    /// - Parameters:
    ///   - attempt: how many attempts were made, 1 or more.
    ///   - remaining: time left until the caller's deadline.
    ///   - random: in 0..<1; spreads the waits of many callers.
    /// - Returns: nil when the error stands.
    func delay(
        afterAttempt attempt: Int, error: StripeError, advice: Advice, remaining: Duration, random: Double
    ) -> Duration? {
        guard attempt <= maxRetries, advice.shouldRetry ?? Self.isWorthwhile(error) else { return nil }
        let exponential = min(firstDelay * (1 << min(attempt - 1, 20)), longestDelay)
        let jittered = max(firstDelay, exponential * (0.5 + random / 2))
        let delay = max(jittered, advice.retryAfter ?? .zero)
        // An attempt needs some time of its own: a retry that starts at the deadline only hides the first error.
        return delay < remaining ? delay : nil
    }

    private static func isWorthwhile(_ error: StripeError) -> Bool {
        switch error.kind {
        case .api, .rateLimited, .connection, .timeout: true
        case .idempotency: error.httpStatus == 409
        case .card, .invalidRequest, .authentication, .decoding, .cancelled: false
        }
    }
}
