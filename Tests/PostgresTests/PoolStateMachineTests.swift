import Testing

@testable import Postgres

@Suite("The pool's state machine")
struct PoolStateMachineTests {
    final class Dummy {}
    typealias Machine = PoolStateMachine<Dummy>

    let soon = ContinuousClock.now + .seconds(1)

    func machine(minimum: Int = 1, maximum: Int = 3, waiters: Int = 10) -> Machine {
        Machine(limits: .init(minimum: minimum, maximum: maximum, waiters: waiters))
    }

    /// A machine with `count` idle connections, the last one the warmest.
    func machine(idle count: Int, minimum: Int = 1, maximum: Int = 3, waiters: Int = 10) -> (Machine, [Dummy]) {
        var machine = machine(minimum: max(minimum, count), maximum: max(maximum, count), waiters: waiters)
        let connections = (0..<count).map { _ in Dummy() }
        #expect(machine.takeOpenings() == max(minimum, count))
        for connection in connections { _ = machine.connected(connection) }
        return (machine, connections)
    }

    func waiter(_ acquisition: Machine.Acquisition) throws -> Machine.Waiter {
        guard case .wait(let waiter) = acquisition else {
            throw Failure("expected to wait, got \(acquisition)")
        }
        return waiter
    }

    func leased(_ acquisition: Machine.Acquisition) throws -> Dummy {
        guard case .lease(let connection) = acquisition else {
            throw Failure("expected a connection, got \(acquisition)")
        }
        return connection
    }

    struct Failure: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    @Test("the minimum is opened without a caller")
    func opensMinimum() {
        var machine = machine(minimum: 2)
        #expect(machine.takeOpenings() == 2)
        #expect(machine.takeOpenings() == 0)
    }

    @Test("the connection that came back last is lent first")
    func lendsWarmest() throws {
        var (machine, connections) = machine(idle: 2)
        #expect(try leased(machine.acquire(deadline: soon)) === connections[1])
        #expect(try leased(machine.acquire(deadline: soon)) === connections[0])
        #expect(machine.leased == 2)
        _ = machine.release(connections[1])
        #expect(try leased(machine.acquire(deadline: soon)) === connections[1])
    }

    @Test("connections are opened for waiters up to the maximum")
    func opensOnDemand() throws {
        var machine = machine(minimum: 1, maximum: 3)
        for _ in 0..<5 { _ = try waiter(machine.acquire(deadline: soon)) }
        #expect(machine.takeOpenings() == 3)
        #expect(machine.takeOpenings() == 0)
        #expect(machine.waiters.count == 5)
    }

    @Test("no more connections are opened than there are waiters")
    func opensNoMoreThanNeeded() throws {
        var (machine, connections) = machine(idle: 1, maximum: 10)
        _ = try leased(machine.acquire(deadline: soon))
        _ = try waiter(machine.acquire(deadline: soon))
        #expect(machine.takeOpenings() == 1)
        _ = try waiter(machine.acquire(deadline: soon))
        #expect(machine.takeOpenings() == 1)
        _ = connections
    }

    @Test("waiters are served in the order they came")
    func firstInFirstOut() throws {
        var (machine, connections) = machine(idle: 1, maximum: 1)
        _ = try leased(machine.acquire(deadline: soon))
        let first = try waiter(machine.acquire(deadline: soon))
        let second = try waiter(machine.acquire(deadline: soon))
        guard case .lease(to: first) = machine.release(connections[0]) else { throw Failure("first") }
        guard case .lease(to: second) = machine.release(connections[0]) else { throw Failure("second") }
        guard case .park = machine.release(connections[0]) else { throw Failure("park") }
    }

    @Test("a full queue refuses")
    func queueIsBounded() throws {
        var (machine, _) = machine(idle: 1, maximum: 1, waiters: 2)
        _ = try leased(machine.acquire(deadline: soon))
        _ = try waiter(machine.acquire(deadline: soon))
        _ = try waiter(machine.acquire(deadline: soon))
        guard case .refuse(.queueFull) = machine.acquire(deadline: soon) else { throw Failure("not refused") }
    }

    @Test("a waiter that gives up is not served")
    func abandoned() throws {
        var (machine, connections) = machine(idle: 1, maximum: 1)
        _ = try leased(machine.acquire(deadline: soon))
        let first = try waiter(machine.acquire(deadline: soon))
        let second = try waiter(machine.acquire(deadline: soon))
        let hasLeft = machine.abandon(first.id)
        #expect(hasLeft)
        guard case .lease(to: second) = machine.release(connections[0]) else { throw Failure("second") }
        let hasLeftLater = machine.abandon(second.id)
        #expect(!hasLeftLater)
    }

    @Test("waiters whose deadline has come leave the queue, the others stay in order")
    func expiry() throws {
        var (machine, _) = machine(idle: 1, maximum: 1)
        _ = try leased(machine.acquire(deadline: soon))
        let late = try waiter(machine.acquire(deadline: soon + .seconds(5)))
        let early = try waiter(machine.acquire(deadline: soon))
        let later = try waiter(machine.acquire(deadline: soon + .seconds(9)))
        #expect(machine.expire(at: soon) == [early])
        #expect(machine.waiters == [late, later])
    }

    @Test("a failed attempt with nothing open turns all callers away and later ones at once")
    func down() throws {
        var machine = machine()
        let first = try waiter(machine.acquire(deadline: soon))
        #expect(machine.takeOpenings() == 1)
        #expect(machine.connectFailed() == [first])
        #expect(machine.isDown)
        guard case .refuse(.down) = machine.acquire(deadline: soon) else { throw Failure("not refused") }
    }

    @Test("after a failure nothing is opened before the pause is over, then one at a time")
    func backsOff() throws {
        var machine = machine(minimum: 3)
        #expect(machine.takeOpenings() == 3)
        for _ in 0..<3 { _ = machine.connectFailed() }
        #expect(machine.takeOpenings() == 0)
        machine.backoffEnded()
        #expect(machine.takeOpenings() == 1)
        #expect(machine.takeOpenings() == 0)
        _ = machine.connected(Dummy())
        #expect(machine.failures == 0)
        #expect(machine.takeOpenings() == 2)
    }

    @Test("a failed attempt beside open connections leaves the waiters waiting")
    func partlyDown() throws {
        var (machine, _) = machine(idle: 1, maximum: 2)
        _ = try leased(machine.acquire(deadline: soon))
        _ = try waiter(machine.acquire(deadline: soon))
        #expect(machine.takeOpenings() == 1)
        #expect(machine.connectFailed().isEmpty)
        #expect(!machine.isDown)
        _ = try waiter(machine.acquire(deadline: soon))
    }

    @Test("a lost connection makes room for another, whether idle or leased")
    func lost() throws {
        var (machine, connections) = machine(idle: 2, maximum: 2)
        _ = try leased(machine.acquire(deadline: soon))
        machine.lost(connections[0])
        machine.lost(connections[1])
        #expect(machine.open == 0)
        #expect(machine.takeOpenings() == 2)
    }

    @Test("cold connections beyond the minimum are closed, the coldest first")
    func reaps() throws {
        var machine = machine(minimum: 1, maximum: 3)
        for _ in 0..<3 { _ = try waiter(machine.acquire(deadline: soon)) }
        #expect(machine.takeOpenings() == 3)
        let connections = (0..<3).map { _ in Dummy() }
        for connection in connections { _ = machine.connected(connection) }
        for connection in connections { _ = machine.release(connection) }
        let closed = machine.reap { $0 !== connections[2] }
        #expect(closed.count == 2)
        #expect(machine.idle.count == 1)
        #expect(machine.idle.first === connections[2])
        #expect(machine.reap { _ in true }.isEmpty)
    }

    @Test("after shutdown callers are refused and connections that come back are closed")
    func shutDown() throws {
        var (machine, connections) = machine(idle: 2, maximum: 2)
        let used = try leased(machine.acquire(deadline: soon))
        let (idle, waiters) = machine.shutDown()
        #expect(idle.count == 1)
        #expect(idle.first === connections[0])
        #expect(waiters.isEmpty)
        guard case .refuse(.shutdown) = machine.acquire(deadline: soon) else { throw Failure("not refused") }
        guard case .close = machine.release(used) else { throw Failure("not closed") }
        #expect(machine.open == 0)
        #expect(machine.takeOpenings() == 0)
    }

    @Test("bounds hold and nobody is forgotten in any order of events", arguments: 0..<40)
    func anyOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var machine = machine(minimum: 1, maximum: 4, waiters: 5)
        var lent: [Dummy] = []
        var queued: [Int] = []
        func place(_ connection: Dummy, _ placement: Machine.Placement) throws {
            guard case .lease(let waiter) = placement else { return }
            // First in, first out.
            #expect(queued.first == waiter.id)
            queued.removeAll { $0 == waiter.id }
            lent.append(connection)
        }
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2:
                switch machine.acquire(deadline: soon) {
                case .lease(let connection): lent.append(connection)
                case .wait(let waiter): queued.append(waiter.id)
                case .refuse(.queueFull): #expect(queued.count == 5)
                case .refuse(.down): #expect(machine.isDown)
                case .refuse(.shutdown): Issue.record("not shut down")
                }
            case 3, 4:
                guard let connection = lent.popLast() else { continue }
                try place(connection, machine.release(connection))
            case 5:
                guard machine.connecting > 0 else { continue }
                let connection = Dummy()
                try place(connection, machine.connected(connection))
            case 6:
                if machine.connecting > 0, Bool.random(using: &random) {
                    for waiter in machine.connectFailed() { queued.removeAll { $0 == waiter.id } }
                    machine.backoffEnded()
                } else if let connection = lent.popLast() ?? machine.idle.first {
                    machine.lost(connection)
                }
            default:
                if let id = queued.randomElement(using: &random) {
                    let hasLeft = machine.abandon(id)
                    #expect(hasLeft)
                    queued.removeAll { $0 == id }
                }
            }
            _ = machine.takeOpenings()
            #expect(machine.open + machine.connecting <= 4)
            #expect(machine.leased == lent.count)
            #expect(machine.waiters.map(\.id) == queued)
            #expect(machine.idle.isEmpty || queued.isEmpty)
            // Whoever waits can be served: by a connection in use, or by one that is being opened.
            #expect(queued.isEmpty || machine.open + machine.connecting > 0)
        }
    }
}

struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
