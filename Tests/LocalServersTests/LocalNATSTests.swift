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
