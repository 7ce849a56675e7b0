/// The books of a pull consumer: what was asked for, what came, what is being worked on. No clock, no network.
struct PullLedger {
    struct Pull: Equatable {
        let identifier: UInt64
        /// Messages that may still come of it.
        var remaining: Int
        /// When it counts as lost, in nanoseconds of the monotonic clock.
        let deadline: UInt64
    }

    /// Messages of one pull at most, and handed out without an answer at most.
    let batch: Int
    let maximumInFlight: Int
    private(set) var inFlight = 0
    private(set) var pulls: [Pull] = []
    private var nextIdentifier: UInt64 = 1

    init(batch: Int, maximumInFlight: Int) {
        self.maximumInFlight = max(1, maximumInFlight)
        self.batch = max(1, min(batch, self.maximumInFlight))
    }

    /// Messages that were asked for and have not come.
    var outstanding: Int { pulls.reduce(0) { $0 + $1.remaining } }

    /// How many messages to ask for now; nil when enough is under way.
    ///
    /// Asks again when half a batch is left, so that the next messages are on their way before the last ones are done,
    /// and for half a batch at least, so that single answers do not become single pulls.
    var wanted: Int? {
        let outstanding = self.outstanding
        let room = maximumInFlight - inFlight - outstanding
        guard pulls.count < 2, room > 0 else { return nil }
        guard outstanding <= batch / 2 else { return nil }
        guard outstanding == 0 || room >= max(1, batch / 2) else { return nil }
        return min(batch, room)
    }

    mutating func open(_ count: Int, deadline: UInt64) -> UInt64 {
        defer { nextIdentifier += 1 }
        pulls.append(Pull(identifier: nextIdentifier, remaining: count, deadline: deadline))
        return nextIdentifier
    }

    /// A message came. The server serves pulls in turn; which one it was does not matter for the sum.
    mutating func received() {
        guard let index = pulls.firstIndex(where: { $0.remaining > 0 }) else { return }
        pulls[index].remaining -= 1
        if pulls[index].remaining == 0 { pulls.remove(at: index) }
    }

    /// A pull has ended at the server.
    mutating func close(_ identifier: UInt64) {
        pulls.removeAll { $0.identifier == identifier }
    }

    /// All pulls are gone: the connection broke, the consumer is missing.
    mutating func closeAll() { pulls.removeAll() }

    /// Gives up pulls the server never spoke of again; returns whether there were any.
    mutating func closeExpired(at now: UInt64) -> Bool {
        let before = pulls.count
        pulls.removeAll { $0.deadline <= now }
        return pulls.count < before
    }

    var hasRoom: Bool { inFlight < maximumInFlight }

    mutating func handedOut() { inFlight += 1 }
    mutating func settled() { inFlight = max(0, inFlight - 1) }
}
