public import Reactor

/// A transaction on one connection, valid inside the body of ``PostgresPool/transaction(deadline:_:)``.
///
/// Nothing is sent before the first query: BEGIN travels with it. Queries that are started without awaiting the one
/// before (`async let`) are sent at once and answered in order.
@Reactor
public final class Transaction {
    private enum State {
        /// Nothing sent yet.
        case fresh
        case open
        /// Committed, or committing.
        case ended
    }

    private let connection: PipelineConnection
    private let pool: PostgresPool
    private let deadline: ContinuousClock.Instant
    private var state = State.fresh

    init(connection: PipelineConnection, pool: PostgresPool, deadline: ContinuousClock.Instant) {
        self.connection = connection
        self.pool = pool
        self.deadline = deadline
    }

    /// Runs one statement in one round trip.
    public func query(_ statement: Statement, _ parameters: Parameter...) async throws(PostgresError) -> Rows {
        try await query(Query(statement, parameters: parameters))
    }

    public func query(_ query: Query) async throws(PostgresError) -> Rows {
        try await send(CollectionOfOne(query)).waitForOne()
    }

    /// Runs all queries in one round trip.
    public func batch(_ queries: [Query]) async throws(PostgresError) -> [Rows] {
        guard !queries.isEmpty else { return [] }
        return try await send(queries).wait()
    }

    /// Runs the last queries and commits in the same round trip; the transaction is over afterwards.
    ///
    /// With nothing sent before, this is the same as ``PostgresPool/batch(_:deadline:)``.
    @discardableResult
    public func commit(with queries: [Query] = []) async throws(PostgresError) -> [Rows] {
        guard state != .ended else { throw Self.over }
        try PostgresPool.check(queries)
        let isOpen = state == .open
        state = .ended
        guard isOpen || !queries.isEmpty else { return [] }
        guard deadline > .now else { throw .late }
        let flight = connection.send(queries, commit: isOpen, commits: true, deadline: deadline)
        pool.arm(for: deadline)
        return try await flight.wait()
    }

    /// Commits what the body left open.
    func end() async throws(PostgresError) {
        guard state != .ended else { return }
        try await commit()
    }

    /// No further query is accepted. An open transaction is rolled back when the connection is given back.
    func abandon() {
        state = .ended
    }

    private func send(_ queries: some Collection<Query>) throws(PostgresError) -> Flight {
        guard state != .ended else { throw Self.over }
        guard deadline > .now else { throw .late }
        try PostgresPool.check(queries)
        let flight = connection.send(queries, begin: state == .fresh, commits: false, deadline: deadline)
        state = .open
        pool.arm(for: deadline)
        return flight
    }

    private static let over = PostgresError(.configuration, "the transaction is over")
}

extension PostgresPool {
    /// Runs `body` with a connection of its own: commits when it returns, rolls back when it throws.
    ///
    /// BEGIN travels with the first query and COMMIT is one more round trip, unless the body ends with
    /// ``Transaction/commit(with:)``. Do not wait for anything but the database inside.
    ///
    /// - Parameter deadline: for each of its queries; `queryTimeout` from now when nil.
    /// - Throws: what the body throws, or ``PostgresError``.
    public func transaction<Value: Sendable>(
        deadline: ContinuousClock.Instant? = nil, _ body: @Reactor (Transaction) async throws -> Value
    ) async throws -> Value {
        let due = deadline ?? .now + configuration.queryTimeout
        let connection = try await lease(until: due)
        let transaction = Transaction(connection: connection, pool: self, deadline: due)
        defer {
            transaction.abandon()
            connection.giveBack()
        }
        let value = try await body(transaction)
        try await transaction.end()
        return value
    }
}
