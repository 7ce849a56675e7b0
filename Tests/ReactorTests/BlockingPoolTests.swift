import Reactor
import Synchronization
import Testing

@Suite("A blocking pool")
struct BlockingPoolTests {
    @Test("runs work off the reactor and returns its result")
    func runsElsewhere() async throws {
        let pool = BlockingPool(name: "test", threads: 1, queueLimit: 4)
        defer { pool.shutdown() }
        let onReactor = try await pool.run { Reactor.isCurrent }
        #expect(!onReactor)
    }

    @Test("refuses more than its queue's bound and goes on with what it took")
    func refusesBeyondItsBound() async throws {
        let pool = BlockingPool(name: "test", threads: 1, queueLimit: 2)
        defer { pool.shutdown() }
        let gate = Gate()
        let running = Task { try await pool.run { gate.wait() } }
        await gate.isReached()
        // One thread is held and two calls may wait: of six more at least four are refused at once.
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    do {
                        try await pool.run { gate.wait() }
                        return true
                    } catch { return false }
                }
            }
            var refused = 0
            for await accepted in group {
                if !accepted { refused += 1 }
                if refused == 4 { gate.open() }
            }
            return refused
        }
        try await running.value
        #expect(outcomes == 4)
        #expect(try await pool.run { 3 } == 3)
    }

    @Test("a pool that was shut down refuses work")
    func refusesAfterShutdown() async {
        let pool = BlockingPool(name: "test", threads: 2, queueLimit: 4)
        pool.shutdown()
        await #expect(throws: BlockingPool.Full.self) { try await pool.run { 1 } }
    }
}

/// Holds a thread of the pool until it is opened.
private final class Gate: Sendable {
    private let reached = Mutex<(isReached: Bool, waiter: CheckedContinuation<Void, Never>?)>((false, nil))
    private let opened = Mutex(false)

    func wait() {
        reached.withLock { state in
            state.isReached = true
            state.waiter?.resume()
            state.waiter = nil
        }
        while !opened.withLock({ $0 }) {}
    }

    func isReached() async {
        await withCheckedContinuation { continuation in
            reached.withLock { state in
                if state.isReached { continuation.resume() } else { state.waiter = continuation }
            }
        }
    }

    func open() { opened.withLock { $0 = true } }
}
