import Contracts
import JSON
import LocalServers
import NATS
import NIOHTTP1
import Testing

@testable import Ingress

@Suite("discovery")
struct DiscoveryTests {
    private typealias Endpoint = PlayedService.Endpoint

    /// A door with a broker of its own: other doors would offer the same services.
    private static func open(
        configure: (inout IngressConfiguration) -> Void = { _ in }, _ body: (Door) async throws -> Void
    ) async throws {
        let server = try await LocalNATS.start(.init(directory: TestServers.directory()))
        do {
            try await Door.open(
                server: server,
                configure: {
                    $0.discoveryGrace = .seconds(2)
                    $0.trustedServices = ["open"]
                    configure(&$0)
                }, body)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test("a service is reachable within two seconds of its start, with path and query in its message")
    func appears() async throws {
        try await Self.open { door in
            let path = "/products/p%201/reviews"
            #expect(try await door.get(path).status == 404)
            let request =
                #"{"type":"object","properties":{"id":{"type":"string","description":"d"},"#
                + #""stars":{"type":"integer","description":"d"},"q":{"type":"string","description":"d"}},"required":["id"]}"#
            let text = String(decoding: JSONValue.string(request).bytes, as: UTF8.self)
            let service = try await PlayedService.start(
                door.nats, "open",
                [
                    .http("open.list", "GET /products/{id}/reviews", #""access":"anyone","request":\#(text)"#),
                    .http("open.find", "GET /find", #""access":"anyone","query":"a, b""#),
                    .http(
                        "open.write", "POST /products/{id}/reviews",
                        #""access":"anyone","status":"201","body_limit":"64""#),
                    Endpoint("open.plain", #"{"access":"anyone","method":"GET","path":"/plain"}"#),
                    Endpoint("open.internal", "{}"),
                ])
            let start = ContinuousClock.now
            try await door.eventually { try await $0.get(path).status == 200 }
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(try await door.get(path + "?stars=4&q=x").mirroredBody == #"{"id":"p 1","stars":4,"q":"x"}"#)
            #expect(try await door.get(path + "?nope=1").status == 400)
            #expect(try await door.get("/find?a=1&b=2").mirroredBody == #"{"a":"1","b":"2"}"#)
            let written = try await door.post("/products/7/reviews", [:], #"{"stars":5}"#)
            #expect(written.status == 201)
            let message = try JSONReader.parse(written.mirroredBody ?? "")
            #expect(message["id"] == "7" && message["stars"] == 5 && message.object?.count == 2)
            #expect(try await door.post("/products/7/reviews?a=1").status == 400)
            #expect(
                try await door.post("/products/7/reviews", [:], "{\"a\":\"\(String(repeating: "x", count: 80))\"}")
                    .status == 413)
            #expect(try await door.get("/plain").mirroredBody == "{}")
            // The fleet's own routes and health go on.
            #expect(try await door.get("/things/7").mirroredBody == #"{"id":"7"}"#)
            try await door.eventually { try await $0.get("/health").json?["status"]?.string == "pass" }
            try await service.stop()
        }
    }

    @Test("a route needs a customer's token, unless the operator trusts the service and it says otherwise")
    func access() async throws {
        try await Self.open { door in
            for name in ["shy", "open"] {
                _ = try await PlayedService.start(
                    door.nats, name,
                    [
                        .http("\(name).default", "GET /\(name)/default"),
                        .http("\(name).anyone", "GET /\(name)/anyone", #""access":"anyone""#),
                        .http("\(name).staff", "GET /\(name)/staff", #""access":"staff""#),
                        .http("\(name).internal", "GET /\(name)/internal", #""access":"internal""#),
                    ])
            }
            try await door.eventually { try await $0.get("/shy/default").status == 401 }
            try await door.eventually { try await $0.get("/open/default").status == 401 }
            let customer = door.bearer(try door.signer.token())
            let staff = door.bearer(try door.signer.token(role: "staff"))
            let table = [
                ("/shy/default", 401, 200, 200), ("/shy/anyone", 401, 200, 200), ("/shy/staff", 401, 403, 200),
                ("/shy/internal", 404, 404, 404), ("/open/default", 401, 200, 200), ("/open/anyone", 200, 200, 200),
                ("/open/staff", 401, 403, 200), ("/open/internal", 404, 404, 404),
            ]
            for (path, nobody, asCustomer, asStaff) in table {
                #expect(try await door.get(path).status == nobody, "\(path)")
                #expect(try await door.get(path, customer).status == asCustomer, "\(path)")
                #expect(try await door.get(path, staff).status == asStaff, "\(path)")
            }
            let seen = try await door.get("/shy/anyone", customer)
            #expect(seen.json?["actor"]?.string == "customer:\(Signer.customerID)")
        }
    }

    @Test("a service that stops is answered with 503, then with 404, and is back when it comes again")
    func disappears() async throws {
        try await Self.open { door in
            let endpoints = [Endpoint.http("open.a", "GET /a", #""access":"anyone""#)]
            let service = try await PlayedService.start(door.nats, "open", endpoints)
            try await door.eventually { try await $0.get("/a").status == 200 }
            try await service.stop()
            let gone = try await door.get("/a")
            #expect(gone.status == 503)
            #expect(gone["Retry-After"] != nil)
            var seen: [Int] = []
            try await door.eventually {
                seen.append(try await $0.get("/a").status)
                return seen.last == 404
            }
            #expect(Set(seen) == [503, 404])
            #expect(seen.count > 2)
            let again = try await PlayedService.start(door.nats, "open", id: "i2", endpoints)
            try await door.eventually { try await $0.get("/a").status == 200 }
            try await again.stop()
        }
    }

    @Test("of two instances one may leave")
    func instances() async throws {
        try await Self.open(configure: { $0.discoveryGrace = .zero }) { door in
            let endpoints = [Endpoint.http("open.a", "GET /a", #""access":"anyone""#)]
            let first = try await PlayedService.start(door.nats, "open", id: "i1", endpoints)
            let second = try await PlayedService.start(door.nats, "open", id: "i2", endpoints)
            try await door.eventually { try await $0.get("/a").status == 200 }
            // Asked a second time, it has been heard the first time.
            try await door.eventually { _ in second.asked > 1 }
            try await first.stop()
            let pings = second.pings
            try await door.eventually {
                let status = try await $0.get("/a").status
                #expect(status == 200)
                return second.pings > pings + 5
            }
            try await second.stop()
            try await door.eventually { try await $0.get("/a").status == 404 }
        }
    }

    @Test("a new version's endpoints come, and the old one's go with its last instance")
    func versions() async throws {
        try await Self.open(configure: { $0.discoveryGrace = .milliseconds(500) }) { door in
            let old = try await PlayedService.start(
                door.nats, "open", id: "old",
                [
                    .http("open.a", "GET /a", #""access":"anyone""#),
                    .http("open.b", "GET /b", #""access":"anyone""#),
                ])
            try await door.eventually { try await $0.get("/a").status == 200 }
            _ = try await PlayedService.start(
                door.nats, "open", id: "new", version: "2.0.0",
                [
                    .http("open.b", "GET /b", #""access":"anyone","query":"page""#),
                    .http("open.c", "GET /c", #""access":"anyone""#),
                ])
            try await door.eventually { try await $0.get("/c").status == 200 }
            #expect(try await door.get("/a").status == 200)
            #expect(try await door.get("/b?page=1").status == 400)
            try await old.stop()
            let start = ContinuousClock.now
            try await door.eventually { try await $0.get("/b?page=1").status == 200 }
            #expect(ContinuousClock.now - start < .seconds(2))
            try await door.eventually { try await $0.get("/a").status == 404 }
            #expect(try await door.get("/c").status == 200)
        }
    }

    @Test("endpoints that a running service adds or removes are followed")
    func laterEndpoints() async throws {
        try await Lookout.open(try Door.contracts("w")) { lookout in
            let service = try await PlayedService.start(lookout.nats, "s")
            try await lookout.eventually { _ in service.asked > 0 }
            service.announce([.http("s.a", "GET /a"), .http("s.b", "GET /b")])
            try await lookout.eventually { $0.routes == ["s GET /a", "s GET /b"] }
            service.announce([.http("s.b", "GET /b")])
            try await lookout.eventually { $0.routes == ["s GET /b"] }
        }
    }

    @Test("while the broker is away nothing is removed")
    func withoutBroker() async throws {
        let contracts = try Door.contracts("w")
        try await Lookout.open(contracts, configure: { $0.discoveryGrace = .milliseconds(500) }) { lookout in
            _ = try await PlayedService.start(lookout.nats, "s", [.http("s.a", "GET /a")])
            try await lookout.eventually { $0.routes == ["s GET /a"] }
            await lookout.server.kill()
            // Several times what it takes to forget a service that is silent.
            try await Task.sleep(for: .seconds(3))
            #expect(lookout.routes == ["s GET /a"])
            try await lookout.server.restart()
            try await lookout.rounds(20)
            #expect(lookout.routes == ["s GET /a"])
        }
    }
}
