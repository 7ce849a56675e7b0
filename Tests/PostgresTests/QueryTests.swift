import FoundationEssentials
import Reactor
import Testing

@testable import Postgres

@Reactor
@Suite("Queries")
struct QueryTests {
    /// How many statements the only session of a pool of one has prepared.
    private func prepared(_ database: TestDatabase) async throws -> [String] {
        let rows = try await database.pool.query("SELECT statement FROM pg_prepared_statements")
        return try rows.map { try $0.text(0) }
    }

    @Test("the server's error says what was violated, and the connection goes on")
    func errors() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database async throws in
            try await database.admin("CREATE TABLE t (id int CONSTRAINT t_key PRIMARY KEY, n int CHECK (n > 0))")
            let insert: Statement = "INSERT INTO t VALUES ($1, $2)"
            _ = try await database.pool.query(insert, .int(1), .int(1))
            let duplicate = await failure { _ = try await database.pool.query(insert, .int(1), .int(1)) }
            #expect(duplicate?.code == .server)
            #expect(duplicate?.sqlState == "23505")
            #expect(duplicate?.isUniqueViolation == true)
            #expect(duplicate?.constraint == "t_key")
            #expect(duplicate?.table == "t")
            #expect(duplicate?.detail == "Key (id)=(1) already exists.")
            #expect(duplicate?.outcomeUnknown == false)
            #expect(duplicate?.description.contains("Key (id)") == false)
            let check = await failure { _ = try await database.pool.query(insert, .int(2), .int(0)) }
            #expect(check?.isCheckViolation == true)
            let syntax = await failure { _ = try await database.pool.query("SELEC 1") }
            #expect(syntax?.sqlState == "42601")
            #expect(syntax?.position == 1)
            let two = await failure { _ = try await database.pool.query("SELECT 1; SELECT 2") }
            #expect(two?.sqlState == "42601")
            let nul = await failure { _ = try await database.pool.query("SELECT $1", .text("a\0b")) }
            #expect(nul?.sqlState == "22021")
            #expect(try await database.pool.query("SELECT count(*) FROM t")[0].int(0) == 1)
            #expect(database.pool.statistics.open == 1)
        }
    }

    @Test("an error raised at the end of the transaction is reported like any other")
    func deferredConstraint() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database async throws in
            try await database.admin(
                "CREATE TABLE t (id int CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            let twice: Statement = "INSERT INTO t VALUES (1), (1)"
            #expect(await failure { _ = try await database.pool.query(twice) }?.constraint == "once")
            let batch = await failure {
                _ = try await database.pool.batch([Query(twice), Query("SELECT 1")])
            }
            #expect(batch?.sqlState == "23505")
            let transaction = await failure {
                try await database.pool.transaction { transaction async throws in
                    _ = try await transaction.query(twice)
                }
            }
            #expect(transaction?.sqlState == "23505")
            #expect(try await database.pool.query("SELECT count(*) FROM t")[0].int(0) == 0)
        }
    }

    @Test("COPY is refused and the pool goes on")
    func copy() async throws {
        try await TestDatabase.run { database async throws in
            let error = await failure { _ = try await database.pool.query("COPY (SELECT 1) TO STDOUT") }
            #expect(error?.code == .server)
            #expect(try await database.pool.query("SELECT 1")[0].int(0) == 1)
        }
    }

    @Test("a batch gives the result of each statement")
    func batch() async throws {
        try await TestDatabase.run { database async throws in
            let results = try await database.pool.batch([
                Query("SELECT 1"), Query("SELECT $1", .text("two")), Query("SELECT 3 WHERE false"), Query("SELECT 1"),
            ])
            #expect(results.map(\.count) == [1, 1, 0, 1])
            #expect(try results[1][0].text(0) == "two")
            #expect(try await database.pool.batch([]).isEmpty)
        }
    }

    @Test("a batch takes effect as a whole or not at all")
    func atomicBatch() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database async throws in
            try await database.admin("CREATE TABLE t (id int PRIMARY KEY)")
            let insert: Statement = "INSERT INTO t VALUES ($1)"
            let error = await failure {
                _ = try await database.pool.batch([
                    Query(insert, .int(1)), Query(insert, .int(1)), Query("SELECT 'never prepared'"),
                ])
            }
            #expect(error?.sqlState == "23505")
            #expect(try await database.pool.query("SELECT count(*) FROM t")[0].int(0) == 0)
            _ = try await database.pool.batch([Query(insert, .int(1)), Query(insert, .int(2))])
            #expect(try await database.pool.query("SELECT count(*) FROM t")[0].int(0) == 2)
        }
    }

    @Test("a batch of a thousand statements is one flight")
    func largeBatch() async throws {
        try await TestDatabase.run { database async throws in
            let filler = String(repeating: "x", count: 500)
            let results = try await database.pool.batch(
                (0..<1_000).map { Query("SELECT $1, $2", .int($0), .text(filler)) })
            #expect(results.count == 1_000)
            #expect(try results[999][0].int(0) == 999)
        }
    }

    @Test("a statement is prepared once and run by name from then on")
    func preparesOnce() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database async throws in
            for number in 0..<5 {
                #expect(try await database.pool.query("SELECT $1 + 1", .int(number))[0].int(0) == Int64(number) + 1)
            }
            let texts = try await prepared(database)
            #expect(texts.filter { $0 == "SELECT $1 + 1" }.count == 1)
        }
    }

    @Test("a statement that fails to prepare, or was skipped, is prepared anew the next time")
    func failingPrepare() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database async throws in
            let query = Query("SELECT n FROM later")
            let skipped = Query("SELECT 'skipped'")
            #expect(await failure { _ = try await database.pool.query(query) }?.sqlState == "42P01")
            let both = [query, skipped]
            #expect(await failure { _ = try await database.pool.batch(both) }?.sqlState == "42P01")
            try await database.admin("CREATE TABLE later AS SELECT 5 AS n")
            #expect(try await database.pool.query(query)[0].int(0) == 5)
            #expect(try await database.pool.query(skipped)[0].text(0) == "skipped")
        }
    }

    @Test("the cache stays within its limit on the server too")
    func cacheLimit() async throws {
        try await TestDatabase.run({
            $0.maxConnections = 1
            $0.statementLimit = 5
        }) { database async throws in
            for number in 0..<20 {
                #expect(try await database.pool.query(Statement("SELECT \(number)"))[0].int(0) == Int64(number))
            }
            #expect(try await prepared(database).count <= 6)
            #expect(try await database.pool.query("SELECT 0")[0].int(0) == 0)
        }
    }

    @Test("a result type that changes under a prepared statement goes unnoticed")
    func stalePlan() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database async throws in
            try await database.admin("CREATE TABLE t AS SELECT 1 AS a")
            let query: Statement = "SELECT * FROM t"
            #expect(try await database.pool.query(query)[0].columnCountForTest == 1)
            try await database.admin("ALTER TABLE t ADD b int DEFAULT 2")
            #expect(try await database.pool.query(query)[0].columnCountForTest == 2)
            _ = try await database.pool.query("DEALLOCATE ALL")
            #expect(try await database.pool.query(query)[0].columnCountForTest == 2)
        }
    }

    @Test("too many parameters are refused before anything is sent")
    func parameterLimit() async throws {
        try await TestDatabase.run { database async throws in
            let query = Query("SELECT 1", parameters: Array(repeating: .int(1), count: 65_536))
            #expect(await failure { _ = try await database.pool.query(query) }?.code == .configuration)
            #expect(database.pool.statistics.open == 1)
        }
    }

    @Test("session settings are in force")
    func settings() async throws {
        try await TestDatabase.run({
            $0.applicationName = "a name"
            $0.statementTimeout = .seconds(5)
            $0.idleInTransactionTimeout = .seconds(5)
            $0.settings["search_path"] = "pg_catalog, public"
        }) { database async throws in
            let rows = try await database.pool.query(
                """
                SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),
                       current_setting('idle_in_transaction_session_timeout'),
                       current_setting('client_connection_check_interval'), current_setting('TimeZone'),
                       current_setting('application_name'), current_setting('search_path')
                """)
            let values = try (0..<7).map { try rows[0].text($0) }
            #expect(values == ["5s", "1s", "5s", "1s", "UTC", "a name", "pg_catalog, public"])
        }
    }
}

extension Row {
    var columnCountForTest: Int { rows.columns.count }
}
