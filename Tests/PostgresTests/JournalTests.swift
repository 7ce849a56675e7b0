import Reactor
import Testing

@testable import Postgres

/// The journal that callers keep is the judge: what they were told must agree with what is in the table.
@Reactor
@Suite("Outcomes under faults")
struct JournalTests {
    final class Journal {
        var committed: Set<Int64> = []
        var refused: Set<Int64> = []
        var unknown: Set<Int64> = []
    }

    private static let insert: Statement = "INSERT INTO t VALUES ($1)"

    /// One write, by one of the three ways there are.
    private func write(_ id: Int64, _ pool: PostgresPool) async throws {
        switch id % 3 {
        case 0: _ = try await pool.query(Self.insert, .int(id))
        case 1: _ = try await pool.batch([Query(Self.insert, .int(id)), Query("SELECT 1")])
        default:
            try await pool.transaction { transaction in
                _ = try await transaction.query(Self.insert, .int(id))
                _ = try await transaction.query("SELECT 1")
            }
        }
    }

    @Test("while backends are killed at random, no caller is told anything that is not so")
    func killedBackends() async throws {
        try await TestDatabase.run({ $0.maxConnections = 5 }) { database in
            try await database.admin("CREATE TABLE t (id bigint PRIMARY KEY)")
            let journal = Journal()
            let callers = (0..<10).map { caller in
                Task { @Reactor in
                    for number in 0..<150 {
                        let id = Int64(caller * 1_000 + number)
                        switch await failure({ try await self.write(id, database.pool) }) {
                        case nil: journal.committed.insert(id)
                        case let error? where error.outcomeUnknown: journal.unknown.insert(id)
                        case _?: journal.refused.insert(id)
                        }
                        // Leaves gaps for the killer.
                        try await Reactor.sleep(for: .milliseconds(Int.random(in: 0...3)))
                    }
                }
            }
            for _ in 0..<15 {
                try await Reactor.sleep(for: .milliseconds(20))
                try await database.killBackends()
            }
            for caller in callers { try await caller.value }
            #expect(try await eventually { await database.answers() })
            let stored = Set(try await database.pool.query("SELECT id FROM t").map { try $0.int(0) })
            #expect(journal.committed.isSubset(of: stored))
            #expect(journal.refused.isDisjoint(with: stored))
            #expect(stored.isSubset(of: journal.committed.union(journal.unknown)))
            // Otherwise nothing was tried.
            #expect(!journal.committed.isEmpty)
            #expect(!journal.refused.isEmpty || !journal.unknown.isEmpty)
        }
    }
}
