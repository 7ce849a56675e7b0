import Reactor
import Testing

@testable import Postgres

@Reactor
@Suite("Transactions")
struct TransactionTests {
    struct Refusal: Error {}

    private func run(_ body: @Reactor (TestDatabase) async throws -> Void) async throws {
        try await TestDatabase.run({ $0.maxConnections = 2 }) { database in
            try await database.admin("CREATE TABLE t (id int PRIMARY KEY)")
            try await body(database)
        }
    }

    private func count(_ database: TestDatabase) async throws -> Int64 {
        try await database.pool.query("SELECT count(*) FROM t")[0].int(0)
    }

    private let insert: Statement = "INSERT INTO t VALUES ($1)"

    @Test("what a body did is committed when it returns, and unseen before")
    func commits() async throws {
        try await run { database in
            let value = try await database.pool.transaction { transaction in
                _ = try await transaction.query(insert, .int(1))
                _ = try await transaction.batch([Query(insert, .int(2)), Query(insert, .int(3))])
                #expect(try await count(database) == 0)
                return try await transaction.query("SELECT count(*) FROM t")[0].int(0)
            }
            #expect(value == 3)
            #expect(try await count(database) == 3)
        }
    }

    @Test("a throw rolls back, and the connection serves the next caller")
    func rollsBack() async throws {
        try await run { database in
            for _ in 0..<3 {
                await #expect(throws: Refusal.self) {
                    try await database.pool.transaction { transaction in
                        _ = try await transaction.query(insert, .int(1))
                        throw Refusal()
                    }
                }
            }
            #expect(try await count(database) == 0)
            #expect(try await eventually { database.pool.statistics.idle == database.pool.statistics.open })
            let open = try await database.pool.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'")
            #expect(try open[0].int(0) == 0)
        }
    }

    @Test("a failed statement ends the transaction with its error")
    func failedStatement() async throws {
        try await run { database async throws in
            let error = await failure {
                try await database.pool.transaction { transaction async throws in
                    _ = try await transaction.query(insert, .int(1))
                    _ = try await transaction.query(insert, .int(1))
                }
            }
            #expect(error?.isUniqueViolation == true)
            #expect(try await count(database) == 0)
        }
    }

    @Test("a body that swallows the error of a statement does not commit")
    func swallowedError() async throws {
        try await run { database async throws in
            let error = await failure {
                try await database.pool.transaction { transaction async throws in
                    _ = try await transaction.query(insert, .int(1))
                    _ = try? await transaction.query(insert, .int(1))
                }
            }
            #expect(error?.sqlState == "25P02")
            #expect(error?.outcomeUnknown == false)
            #expect(try await count(database) == 0)
        }
    }

    @Test("the last queries and the commit are one round trip")
    func commitWith() async throws {
        try await run { database in
            try await database.pool.transaction { transaction in
                _ = try await transaction.query(insert, .int(1))
                let results = try await transaction.commit(with: [
                    Query(insert, .int(2)), Query("SELECT count(*) FROM t"),
                ])
                #expect(results.count == 2)
                #expect(try results[1][0].int(0) == 2)
                #expect(try await count(database) == 2)
                let over = await failure { _ = try await transaction.query(insert, .int(3)) }
                #expect(over?.code == .configuration)
            }
            #expect(try await count(database) == 2)
        }
    }

    @Test("a commit that brings everything needs no BEGIN and is all or nothing")
    func onlyCommit() async throws {
        try await run { database in
            try await database.pool.transaction { transaction in
                _ = try await transaction.commit(with: [Query(insert, .int(1)), Query(insert, .int(2))])
            }
            #expect(try await count(database) == 2)
            let error = await failure {
                try await database.pool.transaction { transaction in
                    _ = try await transaction.commit(with: [Query(insert, .int(3)), Query(insert, .int(2))])
                }
            }
            #expect(error?.isUniqueViolation == true)
            #expect(try await count(database) == 2)
        }
    }

    @Test("a failing query beside the commit rolls everything back")
    func failingCommit() async throws {
        try await run { database async throws in
            let error = await failure {
                try await database.pool.transaction { transaction async throws in
                    _ = try await transaction.query(insert, .int(1))
                    _ = try await transaction.commit(with: [Query(insert, .int(1))])
                }
            }
            #expect(error?.isUniqueViolation == true)
            #expect(try await count(database) == 0)
            #expect(try await eventually { database.pool.statistics.idle == database.pool.statistics.open })
        }
    }

    @Test("queries of one transaction may be under way at the same time")
    func pipelined() async throws {
        try await run { database in
            let sum = try await database.pool.transaction { transaction in
                async let one = transaction.query("SELECT 1")
                async let two = transaction.query("SELECT 2")
                async let three = transaction.query("SELECT 3")
                return try await one[0].int(0) + two[0].int(0) + three[0].int(0)
            }
            #expect(sum == 6)
        }
    }

    @Test("an empty body sends nothing")
    func empty() async throws {
        try await run { database async throws in
            #expect(try await database.pool.transaction { _ in 7 } == 7)
            #expect(database.pool.statistics.idle == database.pool.statistics.open)
        }
    }

    @Test("a BEGIN left open by a query is rolled back before the next caller gets the connection")
    func strayBegin() async throws {
        try await run { database in
            _ = try await database.pool.batch([Query("BEGIN"), Query(insert, .int(1))])
            #expect(try await eventually { database.pool.statistics.idle == database.pool.statistics.open })
            #expect(try await count(database) == 0)
        }
    }

    @Test("many transactions side by side on few connections all take effect")
    func contention() async throws {
        try await run { database in
            let tasks = (0..<50).map { number in
                Task { @Reactor in
                    try await database.pool.transaction { transaction in
                        _ = try await transaction.query(insert, .int(number * 2))
                        _ = try await transaction.commit(with: [Query(insert, .int(number * 2 + 1))])
                    }
                }
            }
            for task in tasks { try await task.value }
            #expect(try await count(database) == 100)
        }
    }
}
