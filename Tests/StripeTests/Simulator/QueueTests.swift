import Testing

@testable import StripeSimulator

@Suite("The simulator's queues")
struct QueueTests {
    @Test("elements come out as they fall due, equal ones in order, and none early")
    func dueOrder() {
        let now = ContinuousClock.now
        var queue = DueQueue<Int>()
        for (value, seconds) in [(3, 30), (1, 10), (4, 40), (2, 10), (0, 5)] {
            queue.insert(value, due: now + .seconds(seconds))
        }
        #expect(queue.pop(by: now) == nil)
        #expect(queue.nextDue == now + .seconds(5))
        var popped: [Int] = []
        while let value = queue.pop(by: now + .seconds(30)) { popped.append(value) }
        #expect(popped == [0, 1, 2, 3])
        #expect(queue.popAll() == [4])
        #expect(queue.count == 0 && queue.nextDue == nil)
    }

    @Test("a wake-up that came early is not lost")
    func earlySignal() async {
        let wakeUp = WakeUp()
        await wakeUp.signal()
        await wakeUp.wait(until: nil)
    }

    @Test("a wait ends at its time, and with its task")
    func waits() async {
        let wakeUp = WakeUp()
        await wakeUp.wait(until: .now + .milliseconds(5))
        let task = Task { await wakeUp.wait(until: nil) }
        task.cancel()
        await task.value
    }

    @Test("an answer that is held is let go by release, by the end of its task and by the end of the server")
    func gate() async throws {
        let gate = HoldGate()
        let held = Task { await gate.wait() }
        #expect(try await eventually { await gate.count == 1 })
        #expect(await gate.release() == 1)
        await held.value
        let cancelled = Task { await gate.wait() }
        cancelled.cancel()
        await cancelled.value
        await gate.open()
        await gate.wait()
    }

    @Test("waits between deliveries double up to the longest, of which at least half")
    func backoff() {
        let settings = WebhookDispatcher.Settings(secret: "s")
        func delay(_ attempt: Int, _ random: Double) -> Duration {
            WebhookDispatcher.delay(afterAttempt: attempt, settings, random: random)
        }
        #expect(delay(1, 0) == .milliseconds(250))
        #expect(delay(1, 1) == .milliseconds(500))
        #expect(delay(3, 1) == .seconds(2))
        #expect(delay(1_000, 1) == .seconds(60))
    }

    @Test("webhook faults are used up in the order drop, reverse, duplicate")
    func webhookFaults() {
        var faults = WebhookFaults(drop: 1, duplicate: 1, reverse: 2)
        #expect(faults.next() == .drop)
        #expect(faults.next() == .gather(isLast: false))
        #expect(faults.next() == .gather(isLast: true))
        #expect(faults.next() == .deliver(times: 2))
        #expect(faults.next() == .deliver(times: 1))
    }

    @Test("a fault meets only the requests that it is meant for, as often as it says")
    func faults() {
        var faults = FaultInjector()
        faults.rules = [
            .init(failure: .status(500), count: 2, afterEffect: false, method: "POST", path: "/v1/refunds"),
            .init(failure: .drop, count: 1, afterEffect: true),
        ]
        #expect(faults.next(method: "POST", path: "/v1/refunds")?.afterEffect == false)
        #expect(faults.next(method: "GET", path: "/v1/refunds")?.afterEffect == true)
        #expect(faults.next(method: "GET", path: "/v1/refunds") == nil)
        #expect(faults.next(method: "POST", path: "/v1/refunds") != nil)
        #expect(faults.next(method: "POST", path: "/v1/refunds") == nil)
    }
}
