import Logging
import Reactor
import Testing

@testable import Postgres

@Reactor
@Suite("The pool")
struct PoolTests {
    @Test("connections are opened on demand, up to the maximum, and shared")
    func opensOnDemand() async throws {
        try await TestDatabase.run({ $0.maxConnections = 4 }) { database async throws in
            #expect(database.pool.statistics.open == 1)
            let tasks = (0..<40).map { _ in
                Task { @Reactor in
                    try await database.pool.query("SELECT pg_backend_pid() FROM pg_sleep(0.005)")[0].int(0)
                }
            }
            var pids: Set<Int64> = []
            for task in tasks { pids.insert(try await task.value) }
            #expect(pids.count > 1)
            #expect(pids.count <= 4)
            #expect(database.pool.statistics.open <= 4)
            #expect(database.pool.statistics.waiting == 0)
        }
    }

    @Test("a caller that waits too long is told that the pool is exhausted")
    func maxWait() async throws {
        try await TestDatabase.run({
            $0.maxConnections = 1
            $0.maxWait = .milliseconds(50)
        }) { database in
            try await database.pool.transaction { transaction async throws in
                _ = try await transaction.query("SELECT 1")
                let error = await failure { _ = try await database.pool.query("SELECT 2") }
                #expect(error?.code == .poolExhausted)
                #expect(error?.outcomeUnknown == false)
            }
            #expect(try await database.pool.query("SELECT 3")[0].int(0) == 3)
        }
    }

    @Test("a full queue refuses at once")
    func maxWaiters() async throws {
        try await TestDatabase.run({
            $0.maxConnections = 1
            $0.maxWaiters = 2
            $0.maxWait = .seconds(30)
        }) { database in
            try await database.pool.transaction { transaction async throws in
                _ = try await transaction.query("SELECT 1")
                let waiting = (0..<2).map { number in
                    Task { @Reactor in try await database.pool.query("SELECT $1", .int(number))[0].int(0) }
                }
                #expect(try await eventually { database.pool.statistics.waiting == 2 })
                #expect(await failure { _ = try await database.pool.query("SELECT 2") }?.code == .poolExhausted)
                try await transaction.commit()
                _ = waiting
            }
            #expect(try await eventually { database.pool.statistics.waiting == 0 })
        }
    }

    @Test("a cancelled caller gives its place in the queue back")
    func cancellation() async throws {
        try await TestDatabase.run({
            $0.maxConnections = 1
            $0.maxWait = .seconds(30)
        }) { database async throws in
            try await database.pool.transaction { transaction async throws in
                _ = try await transaction.query("SELECT 1")
                let task = Task { @Reactor in await failure { _ = try await database.pool.query("SELECT 2") } }
                #expect(try await eventually { database.pool.statistics.waiting == 1 })
                task.cancel()
                #expect(await task.value?.code == .cancelled)
                #expect(database.pool.statistics.waiting == 0)
            }
            #expect(try await database.pool.query("SELECT 3")[0].int(0) == 3)
        }
    }

    @Test("a task that was cancelled before it asked does not wait")
    func cancelledBefore() async throws {
        try await TestDatabase.run({
            $0.maxConnections = 1
            $0.maxWait = .seconds(30)
        }) { database async throws in
            try await database.pool.transaction { transaction async throws in
                _ = try await transaction.query("SELECT 1")
                let task = Task { @Reactor in
                    withUnsafeCurrentTask { $0?.cancel() }
                    return await failure { _ = try await database.pool.query("SELECT 2") }
                }
                #expect(await task.value?.code == .cancelled)
            }
        }
    }

    @Test("idle connections beyond the minimum are closed after a while")
    func idleTimeout() async throws {
        try await TestDatabase.run({
            $0.maxConnections = 3
            $0.idleTimeout = .milliseconds(50)
        }) { database async throws in
            async let one = database.pool.query("SELECT pg_sleep(0.02)")
            async let two = database.pool.query("SELECT pg_sleep(0.02)")
            async let three = database.pool.query("SELECT pg_sleep(0.02)")
            _ = try await (one, two, three)
            #expect(try await eventually { database.pool.statistics.open == 1 })
            #expect(try await database.pool.query("SELECT 1")[0].int(0) == 1)
        }
    }

    @Test("shutdown lets statements end, turns waiters away and refuses new callers")
    func shutdown() async throws {
        try await TestDatabase.run({
            $0.maxConnections = 1
            $0.maxWait = .seconds(30)
        }) { database async throws in
            let goOn = Signal<Void>()
            let running = Task { @Reactor in
                try await database.pool.transaction { transaction in
                    _ = try await transaction.query("SELECT 1")
                    await goOn.wait()
                    return try await transaction.query("SELECT 2")[0].int(0)
                }
            }
            let waiting = Task { @Reactor in
                _ = try await eventually { database.pool.statistics.idle == 0 }
                return await failure { _ = try await database.pool.query("SELECT 3") }
            }
            #expect(try await eventually { database.pool.statistics.waiting == 1 })
            let closing = Task { @Reactor in await database.pool.shutdown(grace: .seconds(60)) }
            #expect(try await waiting.value?.code == .shutdown)
            goOn.fire(())
            #expect(try await running.value == 2)
            await closing.value
            #expect(await failure { _ = try await database.pool.query("SELECT 4") }?.code == .shutdown)
            #expect(database.pool.statistics.open == 0)
        }
    }

    @Test("shutdown does not wait longer than its grace")
    func shutdownGrace() async throws {
        try await TestDatabase.run({ $0.maxConnections = 1 }) { database async throws in
            let running = Task { @Reactor in await failure { _ = try await database.pool.query("SELECT pg_sleep(4)") } }
            #expect(try await eventually { database.pool.statistics.idle == 0 })
            await database.pool.shutdown(grace: .milliseconds(50))
            #expect(await running.value?.outcomeUnknown == true)
        }
    }

    @Test("notices go to the log, not to standard error")
    func notices() async throws {
        let sink = RecordingLog()
        try await TestDatabase.run { database async throws in
            var logger = Logger(label: "notices") { _ in sink.handler }
            logger.logLevel = .debug
            let pool = PostgresPool(PostgresConfiguration(url: database.url), logger: logger)
            try await pool.start()
            _ = try await pool.query("DO $$ BEGIN RAISE NOTICE 'mind the gap'; END $$")
            await pool.shutdown()
        }
        #expect(sink.lines.contains { $0.contains("mind the gap") })
    }
}
