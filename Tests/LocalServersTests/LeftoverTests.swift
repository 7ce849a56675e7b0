import Glibc
import Testing

@testable import LocalServers

/// Servers that outlived the process that started them.
@Suite("A server left over in the same directory")
struct LeftoverTests {
    @Test("an orphaned Postgres is ended before the next start, its data is kept")
    func postgres() async throws {
        var options = LocalPostgres.Options(directory: try TestServers.directory())
        options.isDurable = false
        let first = try await LocalPostgres.start(options)
        _ = try await first.sql("CREATE TABLE kept (n int)")
        await first.stop()
        let cluster = try await PostgresCluster.open(options.directory, isDurable: false, progress: nil)
        let orphan = try await cluster.launch(options, port: try Ports.free())

        let second = try await LocalPostgres.start(options)
        #expect(orphan.status != nil)
        #expect(try await second.sql("SELECT count(*) FROM kept") == ["0"])
        await second.stop(mode: .immediate)
    }

    @Test("an orphaned nats-server is ended before the next start")
    func nats() async throws {
        let directory = try TestServers.directory()
        let pidFile = "\(directory)/nats-server.pid"
        let port = try Ports.free()
        let orphan = try await ChildProcess.spawn(
            .init(
                try Programs.find("nats-server"), ["-a", "127.0.0.1", "-p", "\(port)", "-P", pidFile],
                output: .file("\(directory)/orphan.log")))
        try await TestServers.eventually { Files.text(pidFile) != nil && Ports.greeting(port) != nil }

        let server = try await LocalNATS.start(directory: directory, port: try Ports.free())
        #expect(orphan.status != nil)
        await server.stop()
    }

    @Test("a process that merely has the same pid is left alone")
    func stranger() async throws {
        let stranger = try await ChildProcess.spawn(.init("/bin/sleep", ["600"]))
        try await Leftover.end(stranger.pid, whoseArgumentsHave: "/somewhere/data", signal: SIGTERM)
        #expect(stranger.isRunning)
        await stranger.terminate(within: .seconds(5))
    }
}
