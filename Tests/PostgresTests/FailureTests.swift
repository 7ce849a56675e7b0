import LocalServers
import Logging
import Reactor
import Testing

@testable import Postgres

#if canImport(Glibc)
    import Glibc
#endif

@Reactor
@Suite("Failures")
struct FailureTests {
    private func isLost(_ error: PostgresError?, outcomeUnknown: Bool) -> Bool {
        error?.code == .connectionLost(outcomeUnknown: outcomeUnknown)
    }

    @Test("a backend killed under a statement loses the connection with an unknown outcome, and the pool recovers")
    func killedBackend() async throws {
        try await TestDatabase.run({ $0.maxConnections = 3 }) { database in
            let sleeping = (0..<3).map { _ in
                Task { @Reactor in await failure { _ = try await database.pool.query("SELECT pg_sleep(30)") } }
            }
            #expect(try await eventually { try await self.sleepers(database) == 3 })
            try await database.killBackends()
            for task in sleeping {
                let error = await task.value
                #expect(isLost(error, outcomeUnknown: true))
                #expect(error?.message.contains("terminating connection") == true)
                #expect(error?.sqlState == "57P01")
            }
            #expect(try await eventually { await database.answers() })
        }
    }

    private func answers(_ pool: PostgresPool) async -> Bool {
        await failure { _ = try await pool.query("SELECT 1") }?.code == nil
    }

    private func sleepers(_ database: TestDatabase) async throws -> Int64 {
        let session = try await TestDatabase.session(database.url)
        defer { session.close() }
        return try await session.query(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE '%pg_sleep(30)%' AND state = 'active'
                  AND pid <> pg_backend_pid()
            """)[0].int(0)
    }

    @Test("a connection lost inside a transaction before its commit is known to have had no effect")
    func lostBeforeCommit() async throws {
        try await TestDatabase.run { database in
            try await database.admin("CREATE TABLE t (id int)")
            let error = await failure {
                try await database.pool.transaction { transaction in
                    _ = try await transaction.query("INSERT INTO t VALUES (1)")
                    try await database.killBackends()
                    _ = try await transaction.query("INSERT INTO t VALUES (2)")
                }
            }
            #expect(isLost(error, outcomeUnknown: false))
            #expect(try await eventually { await database.answers() })
            #expect(try await database.pool.query("SELECT count(*) FROM t")[0].int(0) == 0)
        }
    }

    @Test("a transaction that idles for too long is told why its connection went")
    func idleInTransaction() async throws {
        try await TestDatabase.run({ $0.idleInTransactionTimeout = .milliseconds(50) }) { database in
            let error = await failure {
                try await database.pool.transaction { transaction in
                    _ = try await transaction.query("SELECT 1")
                    #expect(
                        try await eventually {
                            database.pool.connections.count == 0 || database.pool.statistics.idle > 0
                        })
                    _ = try await transaction.query("SELECT 2")
                }
            }
            #expect(isLost(error, outcomeUnknown: false))
            #expect(error?.message == "terminating connection due to idle-in-transaction timeout")
        }
    }

    @Test("idle connections that die are replaced before anybody notices")
    func killedIdle() async throws {
        try await TestDatabase.run { database in
            try await database.killBackends()
            #expect(try await eventually { database.pool.statistics.idle == 0 || database.pool.lastFailure == nil })
            #expect(try await eventually { await database.answers() })
        }
    }

    @Test("a statement past its deadline is cancelled and the connection stays")
    func deadline() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database in
            let pid = try await database.pool.query("SELECT pg_backend_pid()")[0].int(0)
            let start = ContinuousClock.now
            let error = await failure {
                _ = try await database.pool.query("SELECT pg_sleep(30)", deadline: .now + .milliseconds(100))
            }
            #expect(error?.code == .timeout)
            #expect(error?.outcomeUnknown == false)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(try await database.pool.query("SELECT pg_backend_pid()")[0].int(0) == pid)
        }
    }

    @Test("nothing is sent after the deadline")
    func lateCall() async throws {
        try await TestDatabase.run { database in
            try await database.admin("CREATE TABLE t (id int)")
            let query = await failure {
                _ = try await database.pool.query("INSERT INTO t VALUES (1)", deadline: .now - .seconds(1))
            }
            #expect(query?.code == .timeout)
            let transaction = await failure {
                try await database.pool.transaction(deadline: .now - .seconds(1)) { transaction in
                    _ = try await transaction.query("INSERT INTO t VALUES (1)")
                }
            }
            #expect(transaction?.code == .timeout)
            #expect(try await database.pool.query("SELECT count(*) FROM t")[0].int(0) == 0)
            #expect(database.pool.statistics.idle == database.pool.statistics.open)
        }
    }

    @Test("the server's statement timeout is a timeout too")
    func statementTimeout() async throws {
        try await TestDatabase.run({ $0.statementTimeout = .milliseconds(50) }) { database async throws in
            let error = await failure { _ = try await database.pool.query("SELECT pg_sleep(30)") }
            #expect(error?.code == .timeout)
            #expect(error?.sqlState == "57014")
            #expect(try await database.pool.query("SELECT 1")[0].int(0) == 1)
        }
    }

    @Test("a lock that is not given in time is an error of its own")
    func lockTimeout() async throws {
        try await TestDatabase.run({ $0.lockTimeout = .milliseconds(50) }) { database in
            try await database.admin("CREATE TABLE t AS SELECT 1 AS n")
            try await database.pool.transaction { transaction in
                _ = try await transaction.query("UPDATE t SET n = 2")
                let error = await failure { _ = try await database.pool.query("UPDATE t SET n = 3") }
                #expect(error?.sqlState == "55P03")
            }
        }
    }

    @Test("a deadline inside a transaction rolls it back")
    func deadlineInTransaction() async throws {
        try await TestDatabase.run { database in
            try await database.admin("CREATE TABLE t (id int)")
            let error = await failure {
                try await database.pool.transaction(deadline: .now + .milliseconds(100)) { transaction in
                    _ = try await transaction.query("INSERT INTO t VALUES (1)")
                    _ = try await transaction.query("SELECT pg_sleep(30)")
                }
            }
            #expect(error?.code == .timeout)
            #expect(try await database.pool.query("SELECT count(*) FROM t")[0].int(0) == 0)
        }
    }

    @Test("a server that no longer answers costs the deadline and a little more")
    func frozenServer() async throws {
        let directory = try TestServers.directory()
        var options = LocalPostgres.Options(directory: directory)
        options.isDurable = false
        let server = try await LocalPostgres.start(options)
        var configuration = PostgresConfiguration(url: server.url)
        configuration.maxConnections = 1
        configuration.cancelTimeout = .milliseconds(200)
        let pool = PostgresPool(configuration, logger: TestDatabase.logger)
        try await pool.start()
        let pid = pid_t(try await pool.query("SELECT pg_backend_pid()")[0].int(0))
        kill(pid, SIGSTOP)
        let start = ContinuousClock.now
        let error = await failure { _ = try await pool.query("SELECT 1", deadline: .now + .milliseconds(100)) }
        #expect(error?.code == .timeout)
        #expect(error?.outcomeUnknown == true)
        #expect(ContinuousClock.now - start < .seconds(10))
        // The frozen backend is not waited for: a fresh connection answers.
        #expect(try await eventually { await answers(pool) })
        kill(pid, SIGCONT)
        await pool.shutdown()
        await server.stop()
    }

    @Test("while the server is away callers fail at once, and the pool is back soon after it")
    func serverAway() async throws {
        let directory = try TestServers.directory()
        var options = LocalPostgres.Options(directory: directory)
        options.isDurable = false
        let server = try await LocalPostgres.start(options)
        let port = server.port
        let pool = PostgresPool(PostgresConfiguration(url: server.url), logger: TestDatabase.logger)
        try await pool.start()
        await server.stop()
        #expect(try await eventually { pool.lastFailure?.message.contains("Connection refused") == true })
        let start = ContinuousClock.now
        let error = await failure { _ = try await pool.query("SELECT 1") }
        #expect(isLost(error, outcomeUnknown: false))
        #expect(error?.message.contains("Connection refused") == true)
        #expect(ContinuousClock.now - start < .seconds(1))

        options.port = port
        let again = try await LocalPostgres.start(options)
        #expect(try await eventually { await answers(pool) })
        await pool.shutdown()
        await again.stop()
    }

    @Test("a server that refuses the start is reported in one line")
    func refusedStart() async throws {
        var configuration = PostgresConfiguration(url: "postgres://u:secret@127.0.0.1:1/db")
        configuration.connectTimeout = .seconds(3)
        let pool = PostgresPool(configuration, logger: TestDatabase.logger)
        let error = await failure { try await pool.start() }
        #expect(isLost(error, outcomeUnknown: false))
        #expect(
            error?.description
                == "postgres: connection to server at \"127.0.0.1\", port 1 failed: Connection refused")
    }

    @Test("an unknown database ends the start at once")
    func unknownDatabase() async throws {
        var configuration = PostgresConfiguration(url: try await TestServers.postgres().url + "_missing")
        configuration.connectTimeout = .seconds(20)
        let pool = PostgresPool(configuration, logger: TestDatabase.logger)
        let start = ContinuousClock.now
        let error = await failure { try await pool.start() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("does not exist") == true)
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    @Test("an unknown host is reported by its name")
    func unknownHost() async throws {
        var configuration = PostgresConfiguration(url: "postgres://u@no-such-host.invalid/db")
        configuration.connectTimeout = .milliseconds(100)
        let pool = PostgresPool(configuration, logger: TestDatabase.logger)
        let error = await failure { try await pool.start() }
        #expect(error?.message.contains("no-such-host.invalid") == true)
    }

    @Test("a name is looked up off the reactor and connected to")
    func hostName() async throws {
        let url = try await TestServers.postgres().url.replacing("127.0.0.1", with: "localhost")
        let pool = PostgresPool(PostgresConfiguration(url: url), logger: TestDatabase.logger)
        try await pool.start()
        #expect(try await pool.query("SELECT 1")[0].int(0) == 1)
        await pool.shutdown()
    }
}
