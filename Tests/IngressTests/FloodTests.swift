import Contracts
import NATS
import Testing

@testable import Ingress

@Suite("floods of announcements", .timeLimit(.minutes(2)))
struct FloodTests {
    /// Answers every ping in the names of this many instances.
    private static func flood(_ lookout: Lookout, _ pings: [String]) async throws -> NATSSubscription {
        let bodies = pings.map { Array($0.utf8) }
        let subscription = try await lookout.nats.subscribe("$SRV.PING") { message in
            for body in bodies { try? lookout.nats.respond(to: message, body: body) }
        }
        try await lookout.nats.flush(timeout: .seconds(60))
        return subscription
    }

    private static func ping(_ name: String, _ id: String) -> String {
        #"{"type":"io.nats.micro.v1.ping_response","name":"\#(name)","id":"\#(id)","version":"1.0.0"}"#
    }

    @Test("a thousand made-up instances of one service, and of as many services, hide no service that comes later")
    func madeUp() async throws {
        let contracts = try Door.contracts("w")
        let one = (0..<1000).map { Self.ping("flood", "i\($0)") }
        try await Lookout.open(contracts) { lookout in
            _ = try await Self.flood(lookout, one)
            try await lookout.eventually { $0.warnings.contains { $0.contains("64 of its instances are known") } }
            try await lookout.rounds(5)
            _ = try await PlayedService.start(lookout.nats, "s", [.http("s.a", "GET /a")], answers: [])
            try await lookout.eventually { $0.routes == ["s GET /a"] }
            try await lookout.rounds(3)
            #expect(lookout.warnings.count == 1, "\(lookout.warnings)")
        }
        let many = (0..<300).map { Self.ping("flood\($0)", "i") }
        try await Lookout.open(contracts) { lookout in
            _ = try await Self.flood(lookout, many)
            try await lookout.eventually { $0.warnings.contains { $0.contains("have announced nothing yet") } }
            _ = try await PlayedService.start(lookout.nats, "s", [.http("s.a", "GET /a")], answers: [])
            try await lookout.eventually { $0.routes == ["s GET /a"] }
        }
    }

    @Test(
        "with more answers than are read, a dead service loses its routes, a living one keeps them, a trusted one comes"
    )
    func tooManyAnswers() async throws {
        let contracts = try Door.contracts("w")
        try await Lookout.open(
            contracts, maxAnswers: 50,
            configure: {
                $0.discoveryGrace = .milliseconds(200)
                $0.trustedServices = ["open", "absent"]
            }
        ) { lookout in
            let living = try await PlayedService.start(lookout.nats, "living", [.http("living.a", "GET /living")])
            let dead = try await PlayedService.start(lookout.nats, "dead", [.http("dead.a", "GET /dead")])
            try await lookout.eventually { $0.routes.count == 2 }
            let flood = try await Self.flood(lookout, (0..<200).map { Self.ping("flood", "i\($0)") })
            try await lookout.eventually { $0.warnings.contains { $0.contains("50 answers to one ping were read") } }
            try await dead.stop()
            try await lookout.eventually { $0.routes == ["living GET /living"] }
            _ = try await PlayedService.start(lookout.nats, "open", [.http("open.a", "GET /open")])
            try await lookout.eventually { $0.routes.contains("open GET /open") }
            let pings = living.pings
            try await lookout.eventually { _ in living.pings > pings + 10 }
            #expect(Set(lookout.routes) == ["living GET /living", "open GET /open"])
            await flood.unsubscribe()
            try await lookout.rounds(5)
            #expect(Set(lookout.routes) == ["living GET /living", "open GET /open"])
        }
    }

    @Test("a service that the operator trusts comes before strangers, whoever was first")
    func trustedFirst() async throws {
        try await Lookout.open(try Door.contracts("w"), configure: { $0.trustedServices = ["open"] }) { lookout in
            for service in 0..<64 {
                _ = try await PlayedService.start(
                    lookout.nats, "s\(service)", [.http("s\(service).a", "GET /s\(service)")], answers: [])
            }
            try await lookout.eventually { $0.routes.count == 64 }
            _ = try await PlayedService.start(
                lookout.nats, "open", [.http("open.a", "GET /open"), .http("open.b", "GET /s7", #""query":"q""#)],
                answers: [])
            try await lookout.eventually { $0.routes.contains("open GET /open") && $0.routes.contains("open GET /s7") }
            #expect(!lookout.routes.contains("s7 GET /s7"))
        }
    }
}
