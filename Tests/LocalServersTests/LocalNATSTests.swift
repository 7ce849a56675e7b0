import Glibc
import LocalServers
import Testing

@Suite("A private nats-server")
struct LocalNATSTests {
    @Test("it greets with JetStream on")
    func greeting() async throws {
        let server = try await TestServers.nats()
        let greeting = try #require(Ports.greeting(server.port))
        #expect(greeting.hasPrefix("INFO {"))
        #expect(greeting.contains("\"jetstream\":true"))
        #expect(try await TestServers.nats() === server)
    }

    @Test("it comes back on the same port after a crash and after a stop, also in a directory with spaces and quotes")
    func restart() async throws {
        let server = try await LocalNATS.start(directory: try TestServers.directory() + "/a \"b\" c")
        let first = server.pid
        await server.kill()
        #expect(!server.isRunning)
        #expect(Ports.greeting(server.port) == nil)
        try await server.restart()
        #expect(server.pid != first)
        #expect(Ports.greeting(server.port)?.hasPrefix("INFO {") == true)
        await server.stop()
        try await server.restart()
        #expect(server.isRunning)
        await server.stop()
        #expect(Ports.isFree(server.port))
    }

    @Test("what one account stored is another's when the configuration moves everybody there, and never over its own")
    func accounts() async throws {
        let directory = try TestServers.directory()
        let store = "\(directory)/jetstream"
        func has(_ path: String) -> Bool { access("\(store)/\(path)", F_OK) == 0 }
        func run(_ account: String?) async throws {
            var options = LocalNATS.Options(directory: directory)
            options.account = account
            try await LocalNATS.start(options).stop()
        }
        try Files.makeDirectory("\(store)/$G/streams")
        try Files.write("kept", to: "\(store)/$G/streams/note")
        try await run("FLEET")
        #expect(has("FLEET/streams/note") && !has("$G/streams/note"))
        try await run(nil)
        #expect(has("$G/streams/note") && !has("FLEET"))
        try Files.makeDirectory("\(store)/FLEET/streams")
        try await run("FLEET")
        #expect(has("$G/streams/note"))
    }

    @Test("a taken port and a directory in use each give one clear line")
    func clearErrors() async throws {
        let shared = try await TestServers.nats()
        let taken = await #expect(throws: LocalServerError.self) {
            _ = try await LocalNATS.start(directory: try TestServers.directory(), port: shared.port)
        }
        #expect(taken?.description == "port \(shared.port) for nats-server is taken")
        let inUse = await #expect(throws: LocalServerError.self) {
            _ = try await LocalNATS.start(directory: shared.directory)
        }
        #expect(inUse?.description == "\(shared.directory) is in use by process \(getpid())")
    }
}
