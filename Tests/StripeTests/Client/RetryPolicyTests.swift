import Testing

@testable import Stripe

@Suite("The retry policy")
struct RetryPolicyTests {
    private func delay(
        _ kind: StripeError.Kind, status: Int? = nil, attempt: Int = 1, shouldRetry: Bool? = nil,
        retryAfter: Duration? = nil, remaining: Duration = .seconds(60), random: Double = 0
    ) -> Duration? {
        RetryPolicy().delay(
            afterAttempt: attempt, error: StripeError(kind: kind, message: "", httpStatus: status),
            advice: .init(shouldRetry: shouldRetry, retryAfter: retryAfter), remaining: remaining, random: random)
    }

    @Test("repeats conflicts, too many calls, server failures, broken connections and timeouts, and nothing else")
    func worthwhile() {
        #expect(delay(.api, status: 500) != nil)
        #expect(delay(.idempotency, status: 409) != nil)
        #expect(delay(.connection) != nil)
        #expect(delay(.timeout) != nil)
        #expect(delay(.idempotency, status: 400) == nil)
        #expect(delay(.card(code: "card_declined", declineCode: nil), status: 402) == nil)
        #expect(delay(.invalidRequest(param: nil), status: 400) == nil)
        #expect(delay(.rateLimited, status: 429) != nil)
        #expect(delay(.authentication, status: 401) == nil)
        #expect(delay(.cancelled) == nil)
    }

    @Test("obeys Stripe-Should-Retry in both directions")
    func advice() {
        #expect(delay(.api, status: 500, shouldRetry: false) == nil)
        #expect(delay(.rateLimited, status: 429, shouldRetry: false) == nil)
        #expect(delay(.invalidRequest(param: nil), status: 400, shouldRetry: true) != nil)
    }

    @Test("repeats twice at most")
    func limit() {
        #expect(delay(.api, attempt: 2) != nil)
        #expect(delay(.api, attempt: 3) == nil)
        #expect(delay(.api, attempt: 3, shouldRetry: true) == nil)
    }

    @Test("waits 0.5 s to 5 s, doubled each time and jittered")
    func waits() {
        #expect(delay(.api, attempt: 1) == .milliseconds(500))
        #expect(delay(.api, attempt: 2, random: 0) == .milliseconds(500))
        #expect(delay(.api, attempt: 2, random: 0.5) == .milliseconds(750))
        var patient = RetryPolicy()
        patient.maxRetries = 20
        let error = StripeError(kind: .api, message: "")
        let longest = patient.delay(afterAttempt: 20, error: error, advice: .init(), remaining: .seconds(60), random: 1)
        #expect(longest == .seconds(5))
    }

    @Test("waits as long as Retry-After says, and gives up when the deadline comes first")
    func deadline() {
        #expect(delay(.api, retryAfter: .seconds(7)) == .seconds(7))
        #expect(delay(.api, retryAfter: .seconds(7), remaining: .seconds(6)) == nil)
        #expect(delay(.api, remaining: .milliseconds(400)) == nil)
    }
}
