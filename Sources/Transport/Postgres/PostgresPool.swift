public import Logging
public import Reactor

/// Connections to one database, shared by everything on the reactor.
///
/// Every query takes one connection for one round trip. Connections are opened on demand up to the maximum and again
/// after a loss, with pauses that grow; while the server cannot be reached callers are refused at once. A pool that has
/// been started lives until ``shutdown(grace:)``.
@Reactor
public final class PostgresPool {
    let configuration: PostgresConfiguration
    let logger: Logger
    let encoder = ParameterEncoder()
    var parameters: ConnectionParameters?
    var machine: PoolStateMachine<PipelineConnection>
    /// All open connections, leased and idle.
    var connections: [PipelineConnection] = []
    /// Connects under way, by number.
    var opening: [Int: Task<Void, Never>] = [:]
    var openings = 0
    var waiting: [Int: Ticket] = [:]
    /// Why the last attempt to connect failed.
    var lastFailure: PostgresError?
    /// Fired by the first connection or by the failure that ends the start.
    let started = Signal<Result<Void, PostgresError>>()
    var startDeadline: ContinuousClock.Instant?
    let drained = Signal<Void>()
    var alarm: ReactorTimer?
    var alarmAt: ContinuousClock.Instant?
    var backoff: ReactorTimer?
    var reaper: ReactorTimer?

    public init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        machine = PoolStateMachine(
            limits: .init(
                minimum: max(1, min(configuration.minConnections, configuration.maxConnections)),
                maximum: max(1, configuration.maxConnections), waiters: max(0, configuration.maxWaiters)))
    }

    /// Opens the first connection, trying again until `connectTimeout` has passed.
    /// - Throws: ``PostgresError/Code/configuration`` at once for a bad URL, unknown database or wrong credentials;
    ///   ``PostgresError/Code/connectionLost(outcomeUnknown:)`` when the server could not be reached in time.
    public func start() async throws(PostgresError) {
        guard parameters == nil else { return }
        parameters = try ConnectionParameters(configuration)
        let deadline = ContinuousClock.now + configuration.connectTimeout
        startDeadline = deadline
        openWanted()
        arm(for: deadline)
        do {
            try await started.wait().get()
        } catch {
            await shutdown(grace: .zero)
            throw error
        }
    }

    /// Runs one statement in one round trip, as a transaction of its own.
    ///
    /// - Parameter deadline: after it the statement is cancelled; `queryTimeout` from now when nil. A caller whose task is
    ///   cancelled gives up waiting for a connection, but hears how a statement ended that was already sent.
    public func query(
        _ statement: Statement, _ parameters: Parameter..., deadline: ContinuousClock.Instant? = nil
    ) async throws(PostgresError) -> Rows {
        try await query(Query(statement, parameters: parameters), deadline: deadline)
    }

    /// Runs one statement in one round trip, as a transaction of its own.
    public func query(_ query: Query, deadline: ContinuousClock.Instant? = nil) async throws(PostgresError) -> Rows {
        let due = deadline ?? .now + configuration.queryTimeout
        do {
            return try await fly(CollectionOfOne(query), deadline: due).waitForOne()
        } catch {
            // The statement was refused before it ran; it is prepared anew this time.
            guard error.isStalePlan else { throw error }
            return try await fly(CollectionOfOne(query), deadline: due).waitForOne()
        }
    }

    /// Runs all queries in one round trip and one transaction: all take effect or none.
    /// - Returns: the result of each query.
    public func batch(
        _ queries: [Query], deadline: ContinuousClock.Instant? = nil
    ) async throws(PostgresError) -> [Rows] {
        guard !queries.isEmpty else { return [] }
        let due = deadline ?? .now + configuration.queryTimeout
        do {
            return try await fly(queries, deadline: due).wait()
        } catch {
            guard error.isStalePlan else { throw error }
            return try await fly(queries, deadline: due).wait()
        }
    }

    /// Numbers for metrics.
    public var statistics: PoolStatistics {
        PoolStatistics(
            open: machine.open, idle: machine.idle.count, connecting: machine.connecting,
            waiting: machine.waiters.count)
    }

    private func fly(
        _ queries: some Collection<Query>, deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Flight {
        try Self.check(queries)
        let connection: PipelineConnection
        if let idle = leaseIdle() { connection = idle } else { connection = try await lease(until: deadline) }
        guard deadline > .now else {
            connection.giveBack()
            throw .late
        }
        let flight = connection.send(queries, commits: true, deadline: deadline)
        connection.giveBack()
        arm(for: deadline)
        return flight
    }

    /// Refuses what cannot be sent before it takes part in a flight.
    static func check(_ queries: some Collection<Query>) throws(PostgresError) {
        for query in queries where query.parameters.count > Query.parameterLimit {
            throw PostgresError(
                .configuration,
                "a statement has \(query.parameters.count) parameters, the limit is \(Query.parameterLimit)")
        }
    }
}

/// Connections of a pool at one moment.
public struct PoolStatistics: Sendable, Equatable {
    public let open: Int
    public let idle: Int
    public let connecting: Int
    /// Callers in the queue.
    public let waiting: Int
}
