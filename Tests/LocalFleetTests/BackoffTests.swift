import LocalFleet
import Testing

@Suite("The wait before a restart")
struct BackoffTests {
    @Test("it doubles with every failure in a row up to its maximum")
    func doubling() {
        var backoff = Backoff()
        let waits = (0..<10).map { _ in backoff.delay(after: .zero, isPlanned: false, jitter: 1) }
        #expect(waits.prefix(4) == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)])
        #expect(waits.suffix(3) == [.seconds(10), .seconds(10), .seconds(10)])
        #expect(backoff.failures == 10)
    }

    @Test("it begins anew after a healthy time")
    func reset() {
        var backoff = Backoff()
        for _ in 0..<5 { _ = backoff.delay(after: .seconds(1), isPlanned: false) }
        #expect(backoff.delay(after: .seconds(30), isPlanned: false, jitter: 1) == .milliseconds(100))
        #expect(backoff.failures == 1)
    }

    @Test("a planned end is replaced at once, unless the member ends right after its start")
    func planned() {
        var backoff = Backoff()
        #expect(backoff.delay(after: .seconds(5), isPlanned: true) == .zero)
        #expect(backoff.failures == 0)
        #expect(backoff.delay(after: .milliseconds(5), isPlanned: true) > .zero)
        #expect(backoff.failures == 1)
    }

    @Test("chance shortens it by up to half")
    func jitter() {
        for _ in 0..<100 {
            var backoff = Backoff()
            let wait = backoff.delay(after: .zero, isPlanned: false)
            #expect(wait >= .milliseconds(50) && wait <= .milliseconds(100))
        }
    }
}
