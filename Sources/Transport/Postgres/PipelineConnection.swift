import CPostgres
import Logging
import Reactor

/// One connection in pipeline mode for its whole life: flights go out at once and are answered in order.
@Reactor
final class PipelineConnection {
    /// What the next result of the server belongs to.
    enum Step {
        case prepare(PreparedStatement)
        case run(PreparedStatement)
        /// BEGIN, COMMIT, ROLLBACK, DEALLOCATE: no result for the caller.
        case control(PreparedStatement?)
        case sync
    }

    let wire: Wire
    var statements: StatementCache
    var steps: [Step] = []
    var nextStep = 0
    var flights: [Flight] = []
    /// Two ends in a row for one step mean that libpq and this code have lost each other.
    var endsInARow = 0
    /// Nobody uses it any more: it goes back to the pool once the last answer is in.
    private var returnsWhenIdle = false
    private var isRollingBack = false
    /// Cancel requests under way; until they are over the next user could be hit by one.
    var cancels = 0
    var cancelLimit: ContinuousClock.Instant?
    private(set) var isOpen = true
    let openedAt = ContinuousClock.now
    var idleSince = ContinuousClock.now

    private var lostBecause = "the connection is closed"
    private let encoder: ParameterEncoder
    private let cancelTimeout: Duration
    private let onIdle: @Reactor (PipelineConnection) -> Void
    private let onLost: @Reactor (PipelineConnection, PostgresError) -> Void

    /// - Parameters:
    ///   - onIdle: called when a connection that was given back is ready for its next user.
    ///   - onLost: called once, when it has broken; not after ``close()``.
    init(
        wire: Wire, statementLimit: Int, encoder: ParameterEncoder, cancelTimeout: Duration,
        onIdle: @escaping @Reactor (PipelineConnection) -> Void,
        onLost: @escaping @Reactor (PipelineConnection, PostgresError) -> Void
    ) throws(PostgresError) {
        self.wire = wire
        self.encoder = encoder
        self.cancelTimeout = cancelTimeout
        self.onIdle = onIdle
        self.onLost = onLost
        statements = StatementCache(limit: statementLimit)
        guard let connection = wire.connection, PQenterPipelineMode(connection) == 1 else {
            throw .lost("cannot enter pipeline mode: \(wire.message)", outcomeUnknown: false)
        }
        // The reactor keeps the connection alive until it is closed: nothing it polls can go away unnoticed.
        try wire.attach { self.receive() }
    }

    // MARK: - Sending

    /// Sends the queries and one sync.
    ///
    /// - Parameters:
    ///   - begin: a BEGIN goes first.
    ///   - commit: a COMMIT goes last. Without `begin` and `commit` outside a transaction the flight is a transaction.
    func send(
        _ queries: some Collection<Query>, begin: Bool = false, commit: Bool = false, commits: Bool,
        deadline: ContinuousClock.Instant
    ) -> Flight {
        let flight = Flight(deadline: deadline, commits: commits)
        guard isOpen, let connection = wire.connection else {
            flight.fail(.lost(lostBecause, outcomeUnknown: false))
            flight.finish()
            return flight
        }
        flights.append(flight)
        var isAccepted = true
        if !statements.dropped.isEmpty { isAccepted = deallocateDropped(connection) }
        if begin { isAccepted = isAccepted && add(Query(.begin), connection, isControl: true) }
        for query in queries where isAccepted { isAccepted = add(query, connection, isControl: false) }
        if commit { isAccepted = isAccepted && add(Query(.commit), connection, isControl: true) }
        if isAccepted, PQpipelineSync(connection) == 1 {
            steps.append(.sync)
            flush()
        } else {
            // Without its sync nothing of the flight is committed; the half of it that is out cannot be taken back.
            lose(.lost("cannot send: \(wire.message)", outcomeUnknown: false))
        }
        return flight
    }

    private func add(_ query: Query, _ connection: OpaquePointer, isControl: Bool) -> Bool {
        let prepared: PreparedStatement
        if let known = statements.find(query) {
            prepared = known
        } else {
            prepared = statements.insert(query)
            let count = Int32(truncatingIfNeeded: prepared.types.count)
            guard PQsendPrepare(connection, prepared.name, query.statement.sql, count, prepared.types) == 1 else {
                return false
            }
            steps.append(.prepare(prepared))
        }
        let count = Int32(truncatingIfNeeded: query.parameters.count)
        let isSent = encoder.withEncoded(query.parameters) { values, lengths, formats in
            PQsendQueryPrepared(connection, prepared.name, count, values, lengths, formats, 1) == 1
        }
        guard isSent else { return false }
        steps.append(isControl ? .control(prepared) : .run(prepared))
        return true
    }

    private func deallocateDropped(_ connection: OpaquePointer) -> Bool {
        for entry in statements.takeDropped() {
            let sql = "DEALLOCATE \(String(cString: entry.name))"
            guard PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 1) == 1 else { return false }
            steps.append(.control(nil))
        }
        return true
    }

    func flush() {
        guard wire.flush() else { return }
        for flight in flights { flight.isSent = true }
    }

    // MARK: - Ending

    /// Gives the connection back: to `onIdle` now, or when the answers that are still out have come and a transaction
    /// that was left open has been rolled back.
    func giveBack() {
        returnsWhenIdle = true
        returnIfIdle()
    }

    func returnIfIdle() {
        guard returnsWhenIdle, flights.isEmpty, cancels == 0, isOpen, let connection = wire.connection else { return }
        guard PQtransactionStatus(connection) == PQTRANS_IDLE else {
            guard !isRollingBack else {
                return lose(.lost("a transaction could not be rolled back", outcomeUnknown: false))
            }
            isRollingBack = true
            _ = send(
                CollectionOfOne(Query(.rollback)), commits: false, deadline: .now + cancelTimeout)
            onRollback?(self)
            return
        }
        isRollingBack = false
        returnsWhenIdle = false
        onIdle(self)
    }

    /// Told when a rollback was sent on its own accord, so that the pool can watch its deadline.
    var onRollback: (@Reactor (PipelineConnection) -> Void)?

    /// Ends a broken connection: every flight fails, those whose commit may have arrived with an unknown outcome.
    func lose(_ error: PostgresError) {
        guard isOpen else { return }
        isOpen = false
        lostBecause = error.message
        wire.close()
        let failed = flights
        flights.removeAll()
        steps.removeAll()
        nextStep = 0
        onLost(self, error)
        for flight in failed {
            flight.end(lost: error)
            flight.finish()
        }
    }

    /// Closes an idle connection.
    func close() {
        guard isOpen else { return }
        isOpen = false
        wire.close()
    }
}

extension Flight {
    /// Decides what the caller is told when the connection went before the sync came back.
    func end(lost cause: PostgresError) {
        // An ERROR had come: the transaction is rolled back whatever happened to the connection.
        if error != nil, !isFatal { return }
        let isUnknown = commits && isSent
        if cancelledUntil != nil {
            return replaceError(
                PostgresError(.timeout, "the deadline passed: \(cause.message)", outcomeUnknown: isUnknown))
        }
        var lost = PostgresError.lost(error?.message ?? cause.message, outcomeUnknown: isUnknown)
        lost.sqlState = error?.sqlState
        replaceError(lost)
    }
}
