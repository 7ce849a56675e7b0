import Contracts
import JSON
import NATS
import Reactor
import Schema
import Testing

@testable import Ingress

@Suite("announcements")
struct AnnouncementTests {
    private typealias Endpoint = PlayedService.Endpoint

    @Test("contracts win every clash, each is told once, and what does not clash is served")
    func clashes() async throws {
        let contracts = try Door.contracts("w")
        try await Lookout.open(contracts, configure: { $0.trustedServices = ["s"] }) { lookout in
            _ = try await PlayedService.start(
                lookout.nats, "s",
                [
                    .http("s.1", "GET /things/{other}"), .http("s.2", "GET /things/new"),
                    .http("s.3", "POST /echo"), .http("w.echo", "GET /stolen"), .http("w.hidden", "GET /stolen2"),
                    .http("s.4", "GET /things/{id}/reviews"), .http("s.5", "DELETE /things/{id}"),
                    .http("s.6", "GET /own"), .http("s.7", "GET /own"), .http("s.8", "PUT /things/7/parts/{part}"),
                    .http("s.9", "DELETE /things/{thing}"), .http("w_echo", "GET /alike"),
                ], answers: [])
            let expected = ["s GET /things/{id}/reviews", "s DELETE /things/{id}", "s GET /own"]
            try await lookout.eventually { $0.routes == expected }
            try await lookout.rounds(3)
            let warnings = lookout.warnings
            for part in [
                "GET /things/{other} takes", "GET /things/new takes", "POST /echo takes", "w.echo", "w.hidden",
                "GET /own or", "DELETE /things/{thing} or", "w_echo reads", "PUT /things/7/parts/{part} takes",
            ] {
                #expect(warnings.filter { $0.contains(part) }.count == 1, "\(part): \(warnings)")
            }
            #expect(warnings.count == 9)
            #expect(warnings.allSatisfy { $0.hasPrefix("s | e | ") })
            // What is served makes one valid set with the contracts.
            _ = try ContractSet(contracts.contracts + lookout.contracts)
        }
    }

    @Test("among services the first one wins")
    func firstWins() async throws {
        let contracts = try Door.contracts("w")
        try await Lookout.open(contracts, configure: { $0.trustedServices = ["b", "z"] }) { lookout in
            let first = try await PlayedService.start(
                lookout.nats, "z", [.http("z.a", "GET /a/{id}"), Endpoint("z.secret", "{}")], answers: [])
            try await lookout.eventually { $0.routes == ["z GET /a/{id}"] }
            _ = try await PlayedService.start(
                lookout.nats, "b",
                [
                    .http("b.a", "GET /a/{x}"), .http("b.b", "GET /a/literal"), .http("z.secret", "GET /secret"),
                    .http("b.c", "GET /c"),
                ], answers: [])
            try await lookout.eventually { $0.routes == ["z GET /a/{id}", "b GET /c"] }
            #expect(lookout.warnings.count == 3)
            first.announce([])
            try await lookout.eventually { $0.routes.contains("b GET /a/{x}") && !$0.routes.contains("z GET /a/{id}") }
        }
    }

    @Test("the fleet's own workers may announce their contract; who only takes their name is refused")
    func ownWorkers() async throws {
        try await Lookout.open(try Door.contracts("w")) { lookout in
            _ = try await PlayedService.start(
                lookout.nats, "w", id: "real", [.http("w.echo", "POST /echo"), .http("w.list", "GET /things")],
                answers: [])
            _ = try await PlayedService.start(
                lookout.nats, "w", id: "false", [.http("other", "GET /other"), .http("w.echo", "GET /echo2")],
                answers: [])
            _ = try await PlayedService.start(lookout.nats, "s", [.http("s.a", "GET /a")], answers: [])
            try await lookout.eventually { $0.routes == ["s GET /a"] && $0.warnings.count == 2 }
            #expect(lookout.warnings.allSatisfy { $0.contains("w | e | its name is that of a worker") })
        }
    }

    @Test("announcements that are malformed as a whole are refused, and others are unharmed")
    func malformed() async throws {
        try await Lookout.open(try Door.contracts("w")) { lookout in
            let many = (0..<201).map { Endpoint.http("s.\($0)", "GET /x\($0)") }
            let long = String(repeating: "x", count: 300 << 10)
            let infos = [
                "", "[]", "{", "null", "{}", PlayedService.info("another", "i1", "1.0.0", []),
                PlayedService.info("s7", "i1", "not a version", []), PlayedService.info("s8", "i1", "1.0.0", many),
                PlayedService.info("s9", "i1", "1.0.0", [.http("s9.a", "GET /x", #""description":"\#(long)""#)]),
                #"{"type":"io.nats.micro.v1.info_response","name":"s10","id":"i1","version":"1.0.0","endpoints":{}}"#,
                String(repeating: "[", count: 100_000),
            ]
            for (index, info) in infos.enumerated() {
                _ = try await PlayedService.start(lookout.nats, "s\(index + 1)", info: info)
            }
            for ping in ["", "{}", #"{"name":"a.b","id":"x"}"#, #"{"name":"$x","id":"*"}"#, #"{"name":"a","id":">"}"#] {
                _ = try await lookout.nats.subscribe("$SRV.PING") {
                    try? lookout.nats.respond(to: $0, body: Array(ping.utf8))
                }
            }
            _ = try await PlayedService.start(lookout.nats, "good", [.http("good.a", "GET /good")])
            try await lookout.eventually { $0.routes == ["good GET /good"] && $0.warnings.count >= infos.count + 3 }
            try await lookout.rounds(3)
            for index in 1...infos.count {
                #expect(lookout.warnings.filter { $0.hasPrefix("s\(index) | ") }.count == 1, "\(index)")
            }
            // The pings that tell neither name nor id are one and the same.
            #expect(lookout.warnings.count == infos.count + 4, "\(lookout.warnings)")
            #expect(lookout.routes == ["good GET /good"])
        }
    }

    @Test(
        "an endpoint that is malformed or malicious is refused",
        arguments: [
            #""subject":"s.>","metadata":{"http":"GET /x"}"#, #""subject":"s.*","metadata":{"http":"GET /x"}"#,
            #""subject":"s a","metadata":{"http":"GET /x"}"#, #""subject":"$JS.API.INFO","metadata":{"http":"GET /x"}"#,
            #""subject":"$SYS.REQ.x","metadata":{"http":"GET /x"}"#,
            #""subject":"_INBOX.a","metadata":{"http":"GET /x"}"#, #""subject":"","metadata":{"http":"GET /x"}"#,
            #""subject":"s..a","metadata":{"http":"GET /x"}"#, #""subject":".s","metadata":{"http":"GET /x"}"#,
            #""subject":"s.a\r\nPUB x","metadata":{"http":"GET /x"}"#, #""subject":7,"metadata":{"http":"GET /x"}"#,
            #""metadata":{"http":"GET /x"}"#, #""subject":"s.a","metadata":{"http":"GET x"}"#,
            #""subject":"s.a","metadata":{"http":"GET /x/../y"}"#, #""subject":"s.a","metadata":{"http":"GET /x/./y"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a.b"}"#, #""subject":"s.a","metadata":{"http":"GET /a%2fb"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a//b"}"#, #""subject":"s.a","metadata":{"http":"GET /"}"#,
            #""subject":"s.a","metadata":{"http":"GET /{x}"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a/{x}/{x}"}"#,
            #""subject":"s.a","metadata":{"http":"TRACE /a"}"#, #""subject":"s.a","metadata":{"http":"get /a"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a\r\nX: y"}"#, #""subject":"s.a","metadata":{"http":"GET /é"}"#,
            #""subject":"s.a","metadata":{"method":"GET"}"#, #""subject":"s.a","metadata":{"path":"/a"}"#,
            #""subject":"s.a","metadata":{"http":7}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","access":"root"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","timeout":"soon"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","timeout":"0s"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","status":"302"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","body_limit":"-1"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","idempotency":"maybe"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","query":"a,a"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a/{id}","query":"id"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","query":"a b"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","status":"205"}"#,
            #""subject":"s.a","metadata":{"http":"GET /a","status":"206"}"#,
            #""subject":"s.a","metadata":{"http":"DELETE /a","status":"204","reply":"{\"type\":\"object\"}"}"#,
        ])
    func refused(_ rest: String) throws {
        let json = try JSONReader.parse(#"{"name":"e",\#(rest)}"#)
        let endpoint = AnnouncedEndpoint(json, of: "s", isTrusted: true)
        guard case .refused = endpoint.offer else {
            Issue.record("taken: \(rest)")
            return
        }
    }

    @Test("names and paths that are too long are refused")
    func tooLong() throws {
        let long = String(repeating: "x", count: 300)
        for rest in [
            #""name":"\#(long)","subject":"s.a","metadata":{"http":"GET /a"}"#,
            #""name":"e","subject":"s.\#(long)","metadata":{"http":"GET /a"}"#,
            #""name":"e","subject":"s.a","metadata":{"http":"GET /\#(long)"}"#,
            #""name":"e","subject":"s.a","metadata":{"http":"GET /a\#(String(repeating: "/a", count: 16))"}"#,
            #""name":"e","subject":"s.a","metadata":{"http":"GET /a","query":"\#(long)"}"#,
            #""name":"e","subject":"s.a","metadata":{"http":"GET /a","timeout":"\#(long)s"}"#,
        ] {
            let endpoint = AnnouncedEndpoint(try JSONReader.parse("{\(rest)}"), of: "s", isTrusted: true)
            guard case .refused = endpoint.offer else {
                Issue.record("taken: \(rest)")
                continue
            }
        }
    }

    @Test("a subject begins with the service's name, unless the operator trusts the service")
    func foreignSubjects() throws {
        for (service, subject, isTaken) in [
            ("reviews", "reviews.list", true), ("reviews", "Reviews.list", true), ("my-shop", "my-shop.list", true),
            ("Reviews", "reviews.list", true), ("reviews", "orders.list", false), ("reviews", "reviews2.list", false),
            ("my-shop", "my_shop.list", false), ("reviews", "x.reviews.list", false),
        ] {
            let json = try JSONReader.parse(
                #"{"name":"e","subject":"\#(subject)","metadata":{"http":"GET /reviews"}}"#)
            let stranger = AnnouncedEndpoint(json, of: service, isTrusted: false)
            if case .refused(let fault) = stranger.offer {
                #expect(!isTaken, "\(subject) of \(service)")
                #expect(fault.reason.contains("the subject \(subject) does not begin with the service's name"))
                // It takes nobody's place either.
                #expect(stranger.subject == nil)
            } else {
                #expect(isTaken, "\(subject) of \(service)")
            }
            guard case .route = AnnouncedEndpoint(json, of: service, isTrusted: true).offer else {
                Issue.record("\(subject) of \(service)")
                continue
            }
        }
    }

    @Test("the reason says what is wrong with a status")
    func statusReasons() throws {
        for (metadata, reason) in [
            (#""status":"205""#, "a status from 200 to 299 other than 205 and 206"),
            (#""status":"204","reply":"{}""#, "it declares a reply, and the status 204, which has no body"),
        ] {
            let json = try JSONReader.parse(
                #"{"name":"e","subject":"s.a","metadata":{"http":"POST /a",\#(metadata)}}"#)
            guard case .refused(let fault) = AnnouncedEndpoint(json, of: "s", isTrusted: false).offer else {
                Issue.record("taken: \(metadata)")
                continue
            }
            #expect(fault.reason.contains(reason))
        }
    }

    @Test("what an endpoint does not say is safe, and what it asks for has bounds")
    func defaults() throws {
        func endpoint(_ metadata: String, isTrusted: Bool = false) throws -> EndpointContract {
            let json = try JSONReader.parse(#"{"name":"e","subject":"s.a","metadata":{\#(metadata)}}"#)
            let announced = AnnouncedEndpoint(json, of: "s", isTrusted: isTrusted)
            guard case .route(let contract, _) = announced.offer else {
                throw AnnouncementFault("\(announced.offer)")
            }
            return contract
        }
        let plain = try endpoint(#""http":"POST /a""#)
        #expect(plain.access == .customer && plain.idempotency == .none && !plain.isRepeatable && !plain.rawBody)
        #expect(plain.timeout == .seconds(5) && plain.bodyLimit == 64 << 10 && plain.successStatus == 200)
        #expect(plain.rateLimit == Policies().rateLimit && plain.forwardedHeaders.isEmpty)
        #expect(EndpointMetadata.policies(for: plain).retries.attempts == 0)
        #expect(EndpointMetadata.policies(for: try endpoint(#""http":"GET /a""#)).retries.attempts == 1)
        #expect(try endpoint(#""http":"DELETE /a","status":"204""#).successStatus == 204)
        #expect(try endpoint(#""http":"GET /a","timeout":"10m""#).timeout == .seconds(30))
        #expect(try endpoint(#""http":"GET /a","timeout":"1500ms""#).timeout == .milliseconds(1500))
        #expect(try endpoint(#""http":"GET /a","body_limit":"512MiB""#).bodyLimit == 960 << 10)
        #expect(try endpoint(#""http":"GET /a","access":"anyone""#).access == .customer)
        #expect(try endpoint(#""http":"GET /a","access":"anyone""#, isTrusted: true).access == .anyone)
        #expect(try endpoint(#""http":"GET /a","access":"staff""#, isTrusted: true).access == .staff)
    }

    @Test("a pattern that never ends is not tried", .timeLimit(.minutes(1)))
    func endlessPattern() throws {
        let text = String(repeating: "a", count: 60) + "!"
        let schema =
            #"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}},\"examples\":[{\"a\":\"\#(text)\"}]}"#
        let json = try JSONReader.parse(
            #"{"name":"e","subject":"s.a","metadata":{"http":"POST /a","request":"\#(schema)"}}"#)
        let endpoint = AnnouncedEndpoint(json, of: "s", isTrusted: false)
        guard case .route(let contract, _) = endpoint.offer else {
            Issue.record("\(endpoint.offer)")
            return
        }
        #expect(contract.request?.properties.count == 1)
    }

    @Test(
        "a route takes requests of another one when the tree would prefer it",
        arguments: [
            ("GET /a/{x}", "GET /a/{y}", true), ("GET /a/b", "GET /a/{y}", true), ("GET /a/{x}", "GET /a/b", false),
            ("GET /a/b", "POST /a/{y}", true), ("GET /a/{x}", "POST /a/{y}", false),
            ("GET /a/{x}", "POST /a/b", false), ("GET /a/b/{x}", "GET /a/{y}/c", true),
            ("GET /a/{x}/c", "GET /a/b/{y}", false), ("GET /a/b", "GET /a/c", false),
            ("GET /a/{x}/b", "GET /a/{x}", false), ("GET /a/{x}/b", "GET /a/{x}/c", false),
        ])
    func overlaps(_ route: String, _ other: String, _ takes: Bool) throws {
        let one = try #require(HTTPRoute(route))
        let two = try #require(HTTPRoute(other))
        #expect(one.takesRequests(of: two) == takes)
    }

    @Test("there are bounds to services and to routes")
    func bounds() async throws {
        try await Lookout.open(try Door.contracts("w")) { lookout in
            for service in 0..<70 {
                _ = try await PlayedService.start(
                    lookout.nats, "s\(service)", [.http("s\(service).a", "GET /s\(service)")], answers: [])
            }
            try await lookout.eventually { $0.routes.count == 64 && $0.warnings.count >= 6 }
            try await lookout.rounds(3)
            #expect(lookout.routes.count == 64)
        }
        try await Lookout.open(try Door.contracts("w")) { lookout in
            for service in 0..<3 {
                _ = try await PlayedService.start(
                    lookout.nats, "s\(service)",
                    (0..<200).map { .http("s\(service).\($0)", "GET /s\(service)/x\($0)") }, answers: [])
            }
            try await lookout.eventually { $0.routes.count == 3 * 64 && $0.warnings.count == 3 }
        }
    }
}
