/// Who gets which connection: the whole of the pool's bookkeeping, without a socket, a clock or a continuation.
///
/// A connection is connecting, idle or leased. Idle connections are lent out last in, first out, so that the warm ones
/// work and the others can be closed; callers wait first in, first out, and only while nothing is idle. When no
/// connection is open and the last attempt to open one failed, the pool is *down*: callers are refused at once and one
/// attempt at a time goes on.
struct PoolStateMachine<Connection: AnyObject> {
    struct Limits: Sendable {
        var minimum = 1
        var maximum = 10
        var waiters = 1_000
    }

    struct Waiter: Sendable, Equatable {
        let id: Int
        let deadline: ContinuousClock.Instant
    }

    enum Refusal: Sendable, Equatable {
        case queueFull, down, shutdown
    }

    enum Acquisition {
        case lease(Connection)
        case wait(Waiter)
        case refuse(Refusal)
    }

    enum Placement {
        case lease(to: Waiter)
        case park
        case close
    }

    let limits: Limits
    private(set) var idle: [Connection] = []
    private(set) var leased = 0
    private(set) var connecting = 0
    private(set) var waiters: [Waiter] = []
    /// Attempts to connect that failed since the last one that did not.
    private(set) var failures = 0
    private(set) var isBackingOff = false
    private(set) var isShutDown = false
    private var nextWaiter = 0

    init(limits: Limits) {
        self.limits = limits
    }

    var open: Int { idle.count + leased }
    var isDown: Bool { open == 0 && failures > 0 }

    // MARK: - Callers

    /// Nobody waits while something is idle, so nobody is overtaken. After shutdown nothing is idle.
    mutating func acquireIdle() -> Connection? {
        guard let connection = idle.popLast() else { return nil }
        leased += 1
        return connection
    }

    mutating func acquire(deadline: @autoclosure () -> ContinuousClock.Instant) -> Acquisition {
        if isShutDown { return .refuse(.shutdown) }
        if let connection = acquireIdle() { return .lease(connection) }
        if isDown { return .refuse(.down) }
        guard waiters.count < limits.waiters else { return .refuse(.queueFull) }
        nextWaiter += 1
        let waiter = Waiter(id: nextWaiter, deadline: deadline())
        waiters.append(waiter)
        return .wait(waiter)
    }

    /// A caller gives its place in the queue back. False when it has been served meanwhile.
    mutating func abandon(_ id: Int) -> Bool {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// Removes and returns the callers whose deadline has come.
    mutating func expire(at now: ContinuousClock.Instant) -> [Waiter] {
        let expired = waiters.filter { $0.deadline <= now }
        if !expired.isEmpty { waiters.removeAll { $0.deadline <= now } }
        return expired
    }

    // MARK: - Connections

    /// How many connections to open now; they count as connecting from here on.
    mutating func takeOpenings() -> Int {
        guard !isShutDown, !isBackingOff else { return 0 }
        let room = limits.maximum - open - connecting
        let needed = max(limits.minimum - open - connecting, waiters.count - connecting)
        var openings = max(0, min(room, needed))
        // After a failure one attempt shows whether the server is back; a herd would only slow its start.
        if failures > 0 { openings = connecting > 0 ? 0 : min(openings, 1) }
        connecting += openings
        return openings
    }

    mutating func connected(_ connection: Connection) -> Placement {
        connecting -= 1
        failures = 0
        leased += 1
        return place(connection)
    }

    /// An attempt failed; the pool backs off until ``backoffEnded()``.
    /// - Returns: callers for whom there is nothing left to wait for.
    mutating func connectFailed() -> [Waiter] {
        connecting -= 1
        failures += 1
        isBackingOff = !isShutDown
        guard isDown else { return [] }
        defer { waiters.removeAll() }
        return waiters
    }

    mutating func backoffEnded() {
        isBackingOff = false
    }

    /// A leased connection is free again.
    mutating func release(_ connection: Connection) -> Placement {
        place(connection)
    }

    /// A connection broke.
    mutating func lost(_ connection: Connection) {
        if let index = idle.firstIndex(where: { $0 === connection }) {
            idle.remove(at: index)
        } else {
            leased -= 1
        }
    }

    /// Removes and returns idle connections that are not needed for the minimum, the coldest first.
    mutating func reap(_ isCold: (Connection) -> Bool) -> [Connection] {
        var cold: [Connection] = []
        while open > limits.minimum, let first = idle.first, isCold(first) {
            cold.append(idle.removeFirst())
        }
        return cold
    }

    /// Refuses everything from now on.
    /// - Returns: connections to close and callers to turn away; leased ones are to be closed when they come back.
    mutating func shutDown() -> (idle: [Connection], waiters: [Waiter]) {
        isShutDown = true
        defer {
            idle.removeAll()
            waiters.removeAll()
        }
        return (idle, waiters)
    }

    private mutating func place(_ connection: Connection) -> Placement {
        if isShutDown {
            leased -= 1
            return .close
        }
        if !waiters.isEmpty { return .lease(to: waiters.removeFirst()) }
        leased -= 1
        idle.append(connection)
        return .park
    }
}
