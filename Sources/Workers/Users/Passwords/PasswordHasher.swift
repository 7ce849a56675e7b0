import Worker

/// Hashes and checks passwords on threads of its own, so that a flood of logins slows down nothing but logins.
@Reactor
final class PasswordHasher {
    let cost: Int
    private let threads: Int
    private let pool: BlockingPool
    /// Calls that run or wait.
    private var pending = 0
    /// How long the last one ran.
    private var lastDuration = Duration.milliseconds(250)

    nonisolated init(_ settings: UsersSettings) {
        cost = min(max(settings.bcryptCost, Bcrypt.costs.lowerBound), Bcrypt.costs.upperBound)
        threads = max(1, settings.hashingThreads)
        pool = BlockingPool(
            name: "passwords", threads: settings.hashingThreads, queueLimit: max(1, settings.hashingQueueLimit),
            // With as many threads as cores, a flood of sign-ins would otherwise take its half of them from reads.
            niceness: 10)
    }

    deinit {
        pool.shutdown()
    }

    /// - Throws: ``ServiceError`` 503 when too many passwords are waiting for this one to be answered in time.
    func hash(_ password: String, until deadline: Deadline) async throws -> String {
        let cost = cost
        return try await run(until: deadline) { try Bcrypt.hash(password, cost: cost) }
    }

    /// Whether `hash` was made from `password`. Without a hash the answer is no, after the time that one takes; so is a no
    /// to a hash of an older, lower cost, or the time would tell that there is one.
    func verify(_ password: String, against hash: String?, until deadline: Deadline) async throws -> Bool {
        let cost = cost
        return try await run(until: deadline) {
            guard let hash else {
                _ = Bcrypt.verify(password, against: try Bcrypt.unmatchable(cost: cost))
                return false
            }
            let matches = Bcrypt.verify(password, against: hash)
            // 2^a + 2^a + 2^(a+1) + … + 2^(b-1) is 2^b.
            if !matches, let old = Bcrypt.cost(of: hash), old < cost {
                for cost in old..<cost { _ = Bcrypt.verify(password, against: try Bcrypt.unmatchable(cost: cost)) }
            }
            return matches
        }
    }

    private func run<T: Sendable>(
        until deadline: Deadline, _ body: @escaping @Sendable () throws -> T
    ) async throws -> T {
        // Half, because an estimate can be wrong and a refusal has to arrive in time too.
        guard timeToClear < deadline.remaining / 2 else { throw overloaded }
        pending += 1
        defer { pending -= 1 }
        let (estimate, refusal) = (lastDuration, overloaded)
        do {
            let (value, duration) = try await pool.run {
                // It waited for longer than it seemed it would: hashing for nobody would make those behind it wait too.
                guard estimate < deadline.remaining else { throw refusal }
                let began = ContinuousClock.now
                let value = try body()
                return (value, ContinuousClock.now - began)
            }
            lastDuration = duration
            return value
        } catch is BlockingPool.Full {
            throw overloaded
        }
    }

    /// Until those that run and wait now will be done.
    private var timeToClear: Duration { lastDuration * pending / threads }

    private var overloaded: ServiceError {
        ServiceError(
            503, "overloaded", "too many passwords are being checked; try again",
            retryAfter_s: max(1, Int((timeToClear / .seconds(1)).rounded(.up))))
    }
}
