import Contracts
import JSON
import NATS
import Synchronization
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

    @Test(
        "services that are refused in a thousand ways hide neither what is wrong with a trusted one nor with a new one")
    func refusals() async throws {
        try await Lookout.open(try Door.contracts("w"), configure: { $0.trustedServices = ["open"] }) { lookout in
            for service in 0..<6 {
                _ = try await PlayedService.start(
                    lookout.nats, "evil\(service)",
                    (0..<200).map { .http("evil\(service).\($0)", "GET x\($0)") }, answers: [])
            }
            try await lookout.eventually { $0.warnings.count >= 200 }
            try await lookout.rounds(5)
            for name in ["open", "fresh"] {
                _ = try await PlayedService.start(
                    lookout.nats, name, [.http("\(name).a", "GET /{a}"), .http("\(name).b", "GET /\(name)")],
                    answers: [])
            }
            try await lookout.eventually { lookout in
                ["open", "fresh"].allSatisfy { name in lookout.warnings.contains { $0.hasPrefix("\(name) | e") } }
            }
            #expect(lookout.warnings.count <= ToldRefusals.maxPerMinute)
        }
    }

    @Test("announcements that cost much and change each time delay neither trusted nor other services for long")
    func expensive() async throws {
        try await Lookout.open(
            try Door.contracts("w"),
            configure: {
                $0.trustedServices = ["open"]
                $0.discoveryInterval = .milliseconds(500)
                $0.discoveryGather = .milliseconds(300)
            }
        ) { lookout in
            let names = (0..<20).map { "evil\($0)" }
            let heavy = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.heavy($0)) })
            let nats = lookout.nats
            let counter = Mutex(0)
            try await nats.subscribe("$SRV.INFO.*.*") { message in
                let parts = message.subject.split(separator: ".")
                guard parts.count == 4, let (head, tail) = heavy[String(parts[2])] else { return }
                let number = counter.withLock {
                    $0 += 1
                    return $0
                }
                let own = #"{"name":"\#(parts[2])","id":"\#(parts[3])","version":"1.0.\#(number)","#
                try? nats.respond(to: message, body: Array(own.utf8) + head + Array("\(number)".utf8) + tail)
            }
            _ = try await Self.flood(lookout, names.map { Self.ping($0, "i") })
            let isRead = { Set(lookout.contracts.map(\.name).filter { $0.hasPrefix("evil") }).count }
            try await lookout.eventually { _ in isRead() > 0 }
            let before = isRead()
            _ = try await PlayedService.start(lookout.nats, "open", [.http("open.a", "GET /open")])
            _ = try await PlayedService.start(lookout.nats, "s", [.http("s.a", "GET /s")])
            try await lookout.eventually { $0.routes.contains("open GET /open") }
            // Each takes long to read, so that the rounds tell more than the clock of a busy machine.
            #expect(isRead() <= before + 3)
            try await lookout.eventually { $0.routes.contains("s GET /s") }
            #expect(isRead() <= before + 6)
        }
    }

    /// What follows the identity in an announcement of some 190 KB whose schemas cost as much as any may, before and after
    /// what changes.
    private static func heavy(_ name: String) -> (head: [UInt8], tail: [UInt8]) {
        let properties = (0..<40).map { #""p\#($0)":{"type":"string","maxLength":5}"# }.joined(separator: ",")
        let definitions = (0..<75).map { number in
            let next = number < 74 ? ##","n":{"$ref":"#/schemas/D\##(number + 1)"}"## : ""
            return #""D\#(number)":{"type":"object","properties":{\#(properties)\#(next)}}"#
        }.joined(separator: ",")
        let text = String(decoding: JSONValue.string("{\(definitions)}").bytes, as: UTF8.self)
        let endpoints = (0..<200).map {
            ##"{"name":"e\##($0)","subject":"\##(name).e\##($0)","metadata":{"http":"GET /\##(name)/e\##($0)","reply":"{\"$ref\":\"#/schemas/D0\"}"}}"##
        }.joined(separator: ",")
        return (
            Array(
                #""type":"io.nats.micro.v1.info_response","metadata":{"schemas":\#(text)},"endpoints":[\#(endpoints)],"description":""#
                    .utf8), Array("\"}".utf8)
        )
    }
}
