import Testing

@testable import Reactor

@Suite("The timer queue")
struct TimerQueueTests {
    @Test("gives out what is due, by deadline, whatever the order it came in")
    @Reactor
    func byDeadline() {
        let queue = TimerQueue()
        var seen: [UInt64] = []
        for number in 0..<1_000 as Range<UInt64> {
            let deadline = number &* 7_919 % 1_000
            _ = queue.add(deadline: deadline) { seen.append(deadline) }
        }
        while let timer = queue.popDue(at: 499) { timer.fire() }
        #expect(seen == Array(0...499))
        #expect(queue.nextDeadline == 500)
        #expect(queue.count == 500)
    }

    @Test("forgets cancelled timers, and keeps the live ones in order")
    @Reactor
    func cancelled() {
        let queue = TimerQueue()
        var seen: [UInt64] = []
        for deadline in (0..<10_000 as Range<UInt64>).reversed() {
            let timer = queue.add(deadline: deadline) { seen.append(deadline) }
            if deadline % 1_000 != 0 { timer.cancel() }
        }
        #expect(queue.count == 10)
        while let timer = queue.popDue(at: 10_000) { timer.fire() }
        #expect(seen == Array(stride(from: 0, to: 10_000, by: 1_000)))
        #expect(queue.nextDeadline == nil)
    }

    @Test("a timer that was cancelled never fires, even when it was given out already")
    @Reactor
    func cancelAfterPop() {
        let queue = TimerQueue()
        var fired = false
        _ = queue.add(deadline: 1) { fired = true }
        let timer = queue.popDue(at: 1)
        timer?.cancel()
        timer?.fire()
        #expect(!fired)
        #expect(queue.count == 0)
    }
}
