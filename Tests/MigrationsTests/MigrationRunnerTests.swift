import FoundationEssentials
import LocalServers
import Postgres
import Reactor
import Testing

@testable import Migrations

@Suite("Running migrations")
struct MigrationRunnerTests {
    @Test("a fresh database gets every schema, the runtime's tables first, and a second run does nothing")
    func freshAndAgain() async throws {
        let fixture = try await Fixture()
        let first = try await fixture.runner().run()
        #expect(
            first == [
                fixture.orders: ["runtime/0001_messaging.sql", "\(fixture.orders)/0001_orders.sql"],
                fixture.stock: ["runtime/0001_messaging.sql", "\(fixture.stock)/0001_stock.sql"],
            ])
        #expect(try await fixture.value("SELECT count(*) FROM \(fixture.orders).orders") == 1)
        #expect(try await fixture.value("SELECT count(*) FROM \(fixture.stock).events") == 0)
        let second = try await fixture.runner().run()
        #expect(second == [fixture.orders: [], fixture.stock: []])
        #expect(try await fixture.value("SELECT count(*) FROM \(fixture.orders).orders") == 1)
    }

    @Test("a new file is applied by the next run, the runtime's before the worker's")
    func newFiles() async throws {
        let fixture = try await Fixture()
        try await fixture.runner().run()
        try fixture.write("\(fixture.orders)/0002_more.sql", "INSERT INTO more VALUES (2);")
        try fixture.write("runtime/0002_more.sql", "CREATE TABLE more (id int);")
        let applied = try await fixture.runner().run(only: [fixture.orders])
        #expect(applied == [fixture.orders: ["runtime/0002_more.sql", "\(fixture.orders)/0002_more.sql"]])
        #expect(try await fixture.value("SELECT id FROM \(fixture.orders).more") == 2)
    }

    @Test("a file that was changed after it had been applied is refused by name")
    func changed() async throws {
        let fixture = try await Fixture()
        try await fixture.runner().run()
        try fixture.write("\(fixture.stock)/0001_stock.sql", "CREATE TABLE stock (id bigint PRIMARY KEY);")
        let error = try #require(await fixture.failure())
        #expect(error.file == "\(fixture.stock)/0001_stock.sql")
        #expect(error.description.contains("was changed"))
    }

    @Test("an applied file that is gone is refused by name")
    func missing() async throws {
        let fixture = try await Fixture()
        try fixture.write("\(fixture.stock)/0002_more.sql", "SELECT 1;")
        try await fixture.runner().run()
        try fixture.remove("\(fixture.stock)/0002_more.sql")
        let error = try #require(await fixture.failure())
        #expect(error.file == "\(fixture.stock)/0002_more.sql")
        #expect(error.description.contains("missing"))
    }

    @Test("an error names file and line, and the file leaves nothing behind")
    func failing() async throws {
        let fixture = try await Fixture()
        try fixture.write(
            "\(fixture.orders)/0002_bad.sql", "CREATE TABLE half (id int);\n-- ü\nSELECT * FROM nowhere;\n")
        let error = try #require(await fixture.failure())
        #expect(error.file == "\(fixture.orders)/0002_bad.sql:3")
        #expect(error.description.contains("\"nowhere\" does not exist [42P01]"))
        #expect(try await fixture.value("SELECT count(*) FROM \(fixture.orders).orders") == 1)
        #expect(
            try await fixture.value("SELECT count(*) FROM pg_tables WHERE tablename = 'half'") == 0)
        try fixture.write("\(fixture.orders)/0002_bad.sql", "CREATE TABLE half (id int);")
        #expect(try await fixture.runner().run()[fixture.orders] == ["\(fixture.orders)/0002_bad.sql"])
    }

    @Test("a file that ends the transaction itself is refused")
    func ownCommit() async throws {
        let fixture = try await Fixture()
        try fixture.write("\(fixture.orders)/0002_commit.sql", "CREATE TABLE a (id int); COMMIT;")
        let error = try #require(await fixture.failure())
        #expect(error.description.contains("must not contain BEGIN, COMMIT or ROLLBACK"))
    }

    @Test("runners at the same time apply everything once")
    func concurrent() async throws {
        let fixture = try await Fixture()
        let runs = (0..<5).map { _ in Task { try await fixture.runner().run() } }
        var applied: [String] = []
        for run in runs { applied += try await run.value.values.flatMap(\.self) }
        #expect(applied.filter { $0 == "\(fixture.orders)/0001_orders.sql" }.count == 1)
        #expect(applied.count == 4)
        #expect(try await fixture.value("SELECT count(*) FROM \(fixture.orders).orders") == 1)
    }

    @Test("runners in several databases of one cluster share the roles")
    func manyDatabases() async throws {
        let fixture = try await Fixture()
        var urls = [fixture.url]
        for _ in 0..<3 { urls.append(try await TestServers.database()) }
        let runs = urls.map { url in
            let runner = MigrationRunner(
                directory: fixture.directory, adminURL: url,
                passwords: [fixture.orders: "one", fixture.stock: "two"], logger: Fixture.logger)
            return Task { try await runner.run() }
        }
        for run in runs { #expect(try await run.value.count == 2) }
        let roles = try await fixture.value("SELECT count(*) FROM pg_roles WHERE rolname LIKE '\(fixture.orders)%'")
        #expect(roles == 2)
    }

    @Test("a server that is away is one clear line")
    func unreachable() async throws {
        let fixture = try await Fixture()
        let runner = MigrationRunner(
            directory: fixture.directory, adminURL: "postgres://u:secret@127.0.0.1:1/db", logger: Fixture.logger)
        let error = await #expect(throws: MigrationError.self) { try await runner.run() }
        #expect(
            error?.description
                == "migrations: postgres: connection to server at \"127.0.0.1\", port 1 failed: Connection refused")
    }

    @Test("the files that ship are applied to a fresh database, twice")
    func shipped() async throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "migrations").path
        let runner = MigrationRunner(
            directory: directory, adminURL: try await TestServers.database(), logger: Fixture.logger)
        let first = try await runner.run()
        #expect(first["orders"]?.first == "runtime/0001_messaging.sql")
        #expect(first.values.allSatisfy { $0.count >= 2 })
        #expect(try await runner.run().values.allSatisfy(\.isEmpty))
    }

    @Test("a worker without a folder is refused")
    func unknownWorker() async throws {
        let fixture = try await Fixture()
        let error = await #expect(throws: MigrationError.self) { try await fixture.runner().run(only: ["nobody"]) }
        #expect(error?.description.contains("nobody") == true)
    }
}
