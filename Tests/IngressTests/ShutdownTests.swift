import LocalServers
import Logging
import NATS
import Reactor
import ServiceLifecycle
import Testing

@testable import Ingress

@Suite("shutdown")
struct ShutdownTests {
    @Test("requests in flight are finished and told that the connection closes")
    func finishesInFlight() async throws {
        try await Door.open { door in
            let (arrivals, arrived) = AsyncStream.makeStream(of: NATSMessage.self)
            try await door.nats.answer("\(door.worker).slow") { message in
                arrived.yield(message)
                return nil
            }
            try await door.nats.flush(timeout: .seconds(60))
            let busy = try await RawClient.connect(port: door.port)
            let idle = try await RawClient.connect(port: door.port)
            try await idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await idle.read(until: "}}")
            try await busy.send("POST /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n")
            var iterator = arrivals.makeAsyncIterator()
            let message = try #require(await iterator.next(isolation: #isolation))
            door.beginShutdown()
            // An idle connection is not cut off: what it sends meanwhile is answered.
            try await idle.send("GET /api/v1/things/1 HTTP/1.1\r\nHost: x\r\n\r\n")
            let last = try await idle.readToEnd()
            #expect(last.hasPrefix("HTTP/1.1 200 "))
            try await door.nats.respond(to: message, body: Array("{\"late\":true}".utf8))
            let answer = try await busy.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix("{\"late\":true}"))
            try await door.ended()
            await #expect(throws: RawClient.Failure.self) { try await RawClient.connect(port: door.port) }
            busy.close()
            idle.close()
        }
    }

    @Test("the drain timeout ends what does not end by itself")
    func givesUp() async throws {
        try await Door.open(configure: { $0.drainTimeout = .milliseconds(300) }) { door in
            let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
            try await door.nats.answer("\(door.worker).slow") { _ in
                arrived.yield()
                return nil
            }
            try await door.nats.flush(timeout: .seconds(60))
            let client = try await RawClient.connect(port: door.port)
            try await client.send("POST /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n")
            var iterator = arrivals.makeAsyncIterator()
            _ = await iterator.next(isolation: #isolation)
            let start = ContinuousClock.now
            door.beginShutdown()
            try await door.ended()
            #expect(ContinuousClock.now - start < .seconds(50))
            #expect(try await client.readToEnd().isEmpty)
            client.close()
        }
    }

    // `./flotilla test` makes NIO trap when anything is scheduled on an event loop that has ended.
    @Test("a drain that runs out just as the last connection closes touches no event loop that has ended")
    func givesUpAtTheEnd() async throws {
        for round in 0..<40 {
            try await Door.open(answersKeys: false, configure: { $0.drainTimeout = .microseconds(50 * round) }) {
                door in
                let client = try await RawClient.connect(port: door.port)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                door.beginShutdown()
                _ = try? await client.readToEnd()
                client.close()
                try await door.ended()
            }
        }
    }

    @Test("idle connections are closed after a grace")
    func closesIdle() async throws {
        try await Door.open(configure: { $0.drainIdleGrace = .milliseconds(100) }) { door in
            let client = try await RawClient.connect(port: door.port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await client.read(until: "}}")
            door.beginShutdown()
            #expect(try await client.readToEnd().isEmpty)
            try await door.ended()
            client.close()
        }
    }

    @Test("no request fails on connections that keep sending during a shutdown")
    func underLoad() async throws {
        try await Door.open { door in
            let statuses = try await withThrowingTaskGroup(of: [Bool].self) { group in
                for _ in 0..<8 {
                    let client = try await RawClient.connect(port: door.port)
                    group.addTask {
                        defer { client.close() }
                        var outcomes: [Bool] = []
                        while true {
                            try await client.send("GET /api/v1/things/1 HTTP/1.1\r\nHost: x\r\n\r\n")
                            let answer = try await client.read(until: "\"{\\\"id\\\":\\\"1\\\"}\"}")
                            outcomes.append(answer.hasPrefix("HTTP/1.1 200 "))
                            if answer.contains("\r\nConnection: close\r\n") || answer.isEmpty { return outcomes }
                            if outcomes.count == 50 { door.beginShutdown() }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(statuses.count > 200)
            #expect(statuses.allSatisfy { $0 })
            try await door.ended()
        }
    }

    @Test("the graceful shutdown of a service group drains it")
    func serviceGroup() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let nats = try await NATSConnection.connect(
            NATSConfiguration(url: try await TestServers.nats().url), logger: logger)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        var configuration = IngressConfiguration()
        configuration.port = 0
        let ingress = try IngressServer(
            configuration: configuration, contracts: try Door.contracts("w\(UInt64.random(in: 0 ... .max))"),
            nats: nats,
            logger: logger
        ) { listening.yield($0) }
        let group = ServiceGroup(services: [ingress], logger: logger)
        let running = Task { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next(isolation: #isolation))
        let client = try await RawClient.connect(port: port)
        try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await client.read(until: "}}").hasPrefix("HTTP/1.1 200 "))
        await group.triggerGracefulShutdown()
        #expect(try await client.readToEnd().isEmpty)
        try await running.value
        client.close()
        await nats.close()
    }

    @Test("a port that is taken is an error, not a crash")
    func portTaken() async throws {
        try await Door.open(answersKeys: false) { door in
            await #expect(throws: (any Error).self) {
                try await Door.open(answersKeys: false, configure: { $0.port = door.port }) { _ in }
            }
        }
    }
}
