import Testing

@testable import Worker

@Suite("A circuit breaker")
struct CircuitBreakerTests {
    private let now = ContinuousClock.now

    @Test("a call that was not made leaves a half-open breaker as it was, and refusals say for how long")
    func withdrawn() {
        var breaker = CircuitBreaker(threshold: 1, pause: .seconds(30))
        let start = ContinuousClock.now
        breaker.fail(at: start, began: start)
        #expect(breaker.remaining(at: start + .seconds(10)) == .seconds(20))
        let tries = breaker.admits(at: start + .seconds(30))
        breaker.withdraw(at: start + .seconds(31))
        let triesAgain = breaker.admits(at: start + .seconds(31))
        #expect(tries && triesAgain)
        breaker.succeed()
        #expect(breaker.remaining(at: start + .seconds(32)) == nil)
    }

    @Test("opens after the number of failures in a row, and a success in between starts the count anew")
    func opens() {
        var breaker = CircuitBreaker(threshold: 3, pause: .seconds(60))
        for _ in 0..<2 { breaker.fail(at: now, began: now) }
        breaker.succeed()
        for _ in 0..<2 { breaker.fail(at: now, began: now) }
        expect(&breaker, at: now, admits: true)
        breaker.fail(at: now, began: now)
        expect(&breaker, at: now, admits: false)
        #expect(breaker.isOpen)
    }

    @Test("calls that fail together are one failure")
    func together() {
        var breaker = CircuitBreaker(threshold: 2, pause: .seconds(60))
        for number in 0..<10 { breaker.fail(at: now + .milliseconds(number), began: now - .seconds(1)) }
        expect(&breaker, at: now + .seconds(1), admits: true)
        breaker.fail(at: now + .seconds(2), began: now + .seconds(1))
        expect(&breaker, at: now + .seconds(3), admits: false)
    }

    @Test("lets a single call try after the pause; its success closes it")
    func halfOpen() {
        var breaker = CircuitBreaker(threshold: 1, pause: .seconds(60))
        breaker.fail(at: now, began: now)
        let later = now + .seconds(60)
        expect(&breaker, at: later - .milliseconds(1), admits: false)
        expect(&breaker, at: later, admits: true)
        expect(&breaker, at: later, admits: false)
        breaker.succeed()
        expect(&breaker, at: later, admits: true)
    }

    @Test("a failed try opens it for another pause")
    func failedTry() {
        var breaker = CircuitBreaker(threshold: 1, pause: .seconds(60))
        breaker.fail(at: now, began: now)
        expect(&breaker, at: now + .seconds(60), admits: true)
        breaker.fail(at: now + .seconds(60), began: now + .seconds(60))
        expect(&breaker, at: now + .seconds(119), admits: false)
        expect(&breaker, at: now + .seconds(120), admits: true)
    }

    private func expect(
        _ breaker: inout CircuitBreaker, at time: ContinuousClock.Instant, admits expected: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isAdmitted = breaker.admits(at: time)
        #expect(isAdmitted == expected, sourceLocation: sourceLocation)
    }
}
