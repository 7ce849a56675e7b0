import LocalServers
import Reactor
import Testing

@testable import Postgres

@Reactor
@Suite("A session for scripts")
struct SessionTests {
    private func session() async throws -> PostgresSession {
        try await TestDatabase.session(try await TestServers.postgres().url)
    }

    @Test("a script of several statements is one transaction")
    func script() async throws {
        let session = try await session()
        defer { session.close() }
        try await session.script(
            "CREATE TEMP TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)")
        let error = await failure { try await session.script("INSERT INTO t VALUES (3); INSERT INTO t VALUES (1)") }
        #expect(error?.isUniqueViolation == true)
        #expect(try await session.query("SELECT count(*) FROM t WHERE id > $1", .int(0))[0].int(0) == 2)
    }

    @Test("an open transaction is known to be open")
    func transaction() async throws {
        let session = try await session()
        defer { session.close() }
        #expect(!session.isInTransaction)
        try await session.script("BEGIN; SELECT 1")
        #expect(session.isInTransaction)
        try await session.script("COMMIT")
        #expect(!session.isInTransaction)
    }

    @Test("a script that takes too long is given up and the session with it")
    func timeout() async throws {
        let session = try await session()
        let error = await failure { try await session.script("SELECT pg_sleep(4)", timeout: .milliseconds(50)) }
        #expect(error?.code == .timeout)
        #expect(await failure { try await session.script("SELECT 1") }?.code == .connectionLost(outcomeUnknown: false))
    }

    @Test("the position of an error counts characters")
    func position() async throws {
        let session = try await session()
        defer { session.close() }
        let error = await failure { try await session.script("SELECT 'ü';\nSELECT nothing") }
        #expect(error?.position == 20)
    }

    @Test("a password is sent as a verifier only")
    func verifier() async throws {
        let session = try await session()
        defer { session.close() }
        let verifier = try session.verifier(ofPassword: "secret", role: "x")
        #expect(verifier.hasPrefix("SCRAM-SHA-256$4096:"))
        #expect(!verifier.contains("secret"))
    }
}
