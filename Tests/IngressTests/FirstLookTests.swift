import LocalServers
import Logging
import NATS
import Testing

@testable import Ingress

@Suite("the first look for services", .timeLimit(.minutes(2)))
struct FirstLookTests {
    private static func withServer(_ body: (LocalNATS) async throws -> Void) async throws {
        let server = try await LocalNATS.start(.init(directory: TestServers.directory()))
        let failure: (any Error)?
        do {
            try await body(server)
            failure = nil
        } catch {
            failure = error
        }
        await server.stop()
        if let failure { throw failure }
    }

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// - Returns: how long an ingress takes until it listens.
    private static func timeToListen(
        _ nats: NATSConnection, _ configure: (inout IngressConfiguration) -> Void = { _ in }
    ) async throws -> Duration {
        var configuration = IngressConfiguration()
        configuration.port = 0
        configure(&configuration)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let ingress = try IngressServer(
            configuration: configuration, contracts: try Door.contracts("w"), nats: nats, logger: silent
        ) { listening.yield($0) }
        let start = ContinuousClock.now
        let task = Task {
            defer { listening.finish() }
            try await ingress.run()
        }
        for await _ in ports { break }
        let time = ContinuousClock.now - start
        task.cancel()
        _ = await task.result
        return time
    }

    @Test("services that are there when the ingress starts have their routes from the first request on")
    func routesAtOnce() async throws {
        try await Self.withServer { server in
            let nats = try await NATSConnection.connect(NATSConfiguration(url: server.url), logger: Self.silent)
            _ = try await PlayedService.start(nats, "s", [.http("s.a", "GET /a")])
            // Without keys the door does not wait for anything else.
            try await Door.open(server: server, answersKeys: false) { door in
                let status = try await door.get("/a").status
                #expect(status == 401)
            }
            await nats.close()
        }
    }

    @Test("an ingress listens within moments of its start when services take long, and when the broker is away")
    func bounded() async throws {
        try await Self.withServer { server in
            let nats = try await NATSConnection.connect(NATSConfiguration(url: server.url), logger: Self.silent)
            _ = try await PlayedService.start(nats, "s")
            let slow = try await Self.timeToListen(nats) { $0.discoveryGather = .seconds(30) }
            #expect(FirstLook.longest...FirstLook.longest + .seconds(2) ~= slow)
            await server.kill()
            let alone = try await Self.timeToListen(nats)
            #expect(alone < FirstLook.longest + .seconds(2))
            await nats.close()
        }
    }

    @Test("an ingress that is stopped during its first look ends at once")
    func cancelled() async throws {
        let look = FirstLook()
        let start = ContinuousClock.now
        let waiting = Task { await look.wait() }
        waiting.cancel()
        await waiting.value
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
