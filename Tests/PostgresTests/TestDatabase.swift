import LocalServers
import Logging
import Reactor

@testable import Postgres

/// A database of its own and a pool on it, both gone when the test is over.
@Reactor
struct TestDatabase {
    let url: String
    let pool: PostgresPool

    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` with a started pool and shuts it down, whatever happens.
    static func run(
        _ configure: @Reactor (inout PostgresConfiguration) -> Void = { _ in },
        _ body: @Reactor (TestDatabase) async throws -> Void
    ) async throws {
        let url = try await DatabaseShelf.take()
        do {
            try await run(on: url, configure, body)
        } catch {
            try await DatabaseShelf.putBack(url)
            throw error
        }
        try await DatabaseShelf.putBack(url)
    }

    private static func run(
        on url: String, _ configure: @Reactor (inout PostgresConfiguration) -> Void,
        _ body: @Reactor (TestDatabase) async throws -> Void
    ) async throws {
        var configuration = PostgresConfiguration(url: url)
        configuration.connectTimeout = .seconds(30)
        configuration.queryTimeout = .seconds(30)
        configuration.statementTimeout = nil
        configuration.idleInTransactionTimeout = nil
        configuration.maxWait = .seconds(30)
        configure(&configuration)
        let pool = PostgresPool(configuration, logger: logger)
        try await pool.start()
        do {
            try await body(TestDatabase(url: url, pool: pool))
        } catch {
            await pool.shutdown()
            throw error
        }
        await pool.shutdown()
    }

    /// Runs SQL over a connection beside the pool.
    func admin(_ sql: String) async throws {
        let session = try await Self.session(url)
        defer { session.close() }
        try await session.script(sql)
    }

    static func session(_ url: String) async throws -> PostgresSession {
        var configuration = PostgresConfiguration(url: url)
        configuration.connectTimeout = .seconds(30)
        return try await PostgresSession.connect(configuration, logger: logger)
    }

    /// Kills every other session of this database.
    func killBackends() async throws {
        try await admin(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
    }
}

extension TestDatabase {
    /// Whether the pool serves a query now.
    func answers() async -> Bool {
        await failure { _ = try await pool.query("SELECT 1") }?.code == nil
    }
}

/// Waits until something is so, for at most twenty seconds.
@Reactor
func eventually(_ condition: @Reactor () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Reactor.sleep(for: .milliseconds(2))
    }
    return false
}

/// The error a call ends with, nil when it succeeds.
@Reactor
func failure(_ body: @Reactor () async throws -> Void) async -> PostgresError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}
