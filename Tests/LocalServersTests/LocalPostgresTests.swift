import Glibc
import LocalServers
import Testing

@Suite("A private Postgres")
struct LocalPostgresTests {
    @Test("every caller gets a database of its own in one shared cluster")
    func freshDatabases() async throws {
        let first = try await TestServers.database()
        let second = try await TestServers.database()
        #expect(first != second)
        let server = try await TestServers.postgres()
        let names = try await server.sql("SELECT datname FROM pg_database WHERE datname LIKE 'test_%'")
        #expect(names.count >= 2)
    }

    @Test("many databases can be asked for at once")
    func databasesAtOnce() async throws {
        let urls = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await TestServers.database() } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(urls.count == 8)
    }

    @Test("data survives a stop, a warm start, a crash and an immediate stop, on the same port")
    func warmStart() async throws {
        let directory = try TestServers.directory()
        let first = try await LocalPostgres.start(.init(directory: directory))
        #expect(try await first.sql("SHOW fsync") == ["on"])
        _ = try await first.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
        await first.stop()
        #expect(!first.isRunning)

        let second = try await LocalPostgres.start(.init(directory: directory, port: first.port))
        #expect(second.url == first.url)
        _ = try await second.sql("INSERT INTO kept VALUES (2)")
        try await second.restart(mode: .kill)
        _ = try await second.sql("INSERT INTO kept VALUES (3)")
        try await second.restart(mode: .immediate)
        #expect(try await second.sql("SELECT n FROM kept ORDER BY n") == ["1", "2", "3"])
        await second.stop(mode: .immediate)
    }

    @Test("a directory in use, a taken port and a broken configuration each give one clear line")
    func clearErrors() async throws {
        let shared = try await TestServers.postgres()
        let inUse = await #expect(throws: LocalServerError.self) {
            _ = try await LocalPostgres.start(.init(directory: shared.directory))
        }
        #expect(inUse?.description == "\(shared.directory) is in use by process \(getpid())")

        let taken = await #expect(throws: LocalServerError.self) {
            _ = try await LocalPostgres.start(.init(directory: try TestServers.directory(), port: shared.port))
        }
        #expect(taken?.description == "port \(shared.port) for Postgres is taken")

        var options = LocalPostgres.Options(directory: try TestServers.directory())
        options.isDurable = false
        options.settings["shared_buffers"] = "nonsense"
        let broken = await #expect(throws: LocalServerError.self) { _ = try await LocalPostgres.start(options) }
        #expect(broken?.description.contains("invalid value for parameter \"shared_buffers\"") == true)
        #expect(broken?.description.contains("\n") == false)
        #expect(broken?.logTail.isEmpty == false)
    }

    @Test("the superuser's password is needed and is readable by its owner only")
    func password() async throws {
        let server = try await TestServers.postgres()
        var info = stat()
        #expect(stat("\(server.directory)/superuser.password", &info) == 0)
        #expect(info.st_mode & 0o777 == 0o600)
        let (status, output) = try await ChildProcess.run(
            .init(
                try Programs.find("psql"),
                ["-Xw", "-h", server.host, "-p", "\(server.port)", "-U", "postgres", "-c", "SELECT 1"],
                environment: ["PGPASSWORD": "wrong", "LC_ALL": "C"]))
        #expect(!status.isSuccess)
        #expect(output.contains { $0.contains("password authentication failed") })
    }
}
