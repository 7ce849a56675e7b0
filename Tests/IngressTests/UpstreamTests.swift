import JSON
import LocalServers
import NATS
import NIOHTTP1
import Reactor
import Testing

@testable import Ingress

@Suite("what workers answer")
struct UpstreamTests {
    @Test("problems of workers pass through with their status")
    func problems() async throws {
        try await Door.open { door in
            let document = #"{"type":"urn:flotilla:problem:out-of-stock","title":"Out of stock","status":409}"#
            try await door.nats.answer("\(door.worker).fail") { message in
                switch String(decoding: message.body, as: UTF8.self) {
                case #"{"k":1}"#: .error(409, "out of stock", document)
                case #"{"k":2}"#: .error(422, "no body at all")
                case #"{"k":3}"#: .error(503, "busy", document, retryAfter: "7")
                case #"{"k":4}"#: .error(503, "busy", document)
                case #"{"k":5}"#: .error(429, "slow down", document, retryAfter: "x y")
                case #"{"k":6}"#: .error(200, "what")
                case #"{"k":7}"#: .error(99999, "what")
                case #"{"k":8}"#: Answer(headers: [("Nats-Service-Error-Code", "abc")])
                case #"{"k":9}"#: .error(401, "Invalid credentials", document)
                default: .ok("")
                }
            }
            let passed = try await door.post("/fail", [:], #"{"k":1}"#)
            #expect(passed.status == 409)
            #expect(passed["Content-Type"] == "application/problem+json")
            #expect(passed.body == document)
            let bare = try await door.post("/fail", [:], #"{"k":2}"#)
            #expect(bare.status == 422)
            #expect(bare.json?["error"]?.string == "no body at all")
            #expect(bare["Content-Type"] == "application/problem+json")
            #expect(try await door.post("/fail", [:], #"{"k":3}"#)["Retry-After"] == "7")
            #expect(try await door.post("/fail", [:], #"{"k":4}"#)["Retry-After"] == "1")
            let odd = try await door.post("/fail", [:], #"{"k":5}"#)
            #expect(odd.status == 429)
            #expect(odd["Retry-After"] == nil)
            for number in 6...8 {
                #expect(try await door.post("/fail", [:], "{\"k\":\(number)}").status == 502, "\(number)")
            }
            #expect(try await door.post("/fail", [:], #"{"k":9}"#)["WWW-Authenticate"] != nil)
            let empty = try await door.post("/fail")
            #expect(empty.status == 200)
            #expect(empty["Content-Length"] == "0")
        }
    }

    @Test("nobody there is 503 with Retry-After, after the retries of the contract")
    func noResponders() async throws {
        try await Door.open { door in
            let start = ContinuousClock.now
            let seen = try await door.get("/nobody")
            #expect(seen.status == 503)
            #expect(seen["Retry-After"] == "1")
            #expect(seen.json?["type"]?.string == "urn:flotilla:problem:unavailable")
            // Two more tries, with 200 to 500 ms before each.
            #expect(ContinuousClock.now - start >= .milliseconds(400))
        }
    }

    @Test("a worker that comes back within the retries is not missed")
    func comesBack() async throws {
        try await Door.open(configure: { $0.retryBackoff_ms = 1000...1200 }) { door in
            async let seen = door.get("/nobody")
            // The first try finds nobody.
            try await Task.sleep(for: .milliseconds(100))
            try await door.nats.answer("\(door.worker).nobody") { _ in .ok("{}") }
            #expect(try await seen.status == 200)
        }
    }

    @Test("no answer in time is 504; only what may be repeated is asked again")
    func timeouts() async throws {
        try await Door.open(configure: { $0.retryBackoff_ms = 10...30 }) { door in
            let counter = Counter()
            for name in ["get", "post", "once"] {
                try await door.nats.answer("\(door.worker)s.\(name)") { message in
                    counter.count(message.subject)
                    return nil
                }
            }
            try await door.nats.flush(timeout: .seconds(60))
            let post = try await door.post("/once")
            #expect(post.status == 504)
            #expect(post.json?["type"]?.string == "urn:flotilla:problem:deadline-exceeded")
            #expect(await counter.counts["\(door.worker)s.once"] == 1)
            #expect(try await door.post("/silent", ["Idempotency-Key": "k1"]).status == 504)
            #expect(await counter.counts["\(door.worker)s.post"] == 3)
            #expect(try await door.get("/silent").status == 504)
            #expect(await counter.counts["\(door.worker)s.get"] == 3)
        }
    }

    @Test("a request that is repeated under its key waits for its first attempt; one that is not hears of the other")
    func inProgress() async throws {
        try await Door.open(configure: { $0.retryBackoff_ms = 10...30 }) { door in
            let counter = Counter()
            try await door.nats.answer("\(door.worker)s.post") { message in
                counter.count(message.subject)
                return switch counter.counts[message.subject] {
                case 1: nil
                case 2: .error(409, "in progress", retryAfter: "1")
                case 3: .ok(#"{"done":true}"#)
                default: .error(409, "in progress", retryAfter: "1")
                }
            }
            try await door.nats.flush(timeout: .seconds(60))
            let repeated = try await door.post("/silent", ["Idempotency-Key": "k1"])
            #expect(repeated.status == 200)
            #expect(repeated.body == #"{"done":true}"#)
            let other = try await door.post("/silent", ["Idempotency-Key": "k1"])
            #expect(other.status == 409)
            #expect(other["Retry-After"] == "1")
            #expect(await counter.counts["\(door.worker)s.post"] == 4)
        }
    }

    @Test("an answer that comes after the 504 goes to nobody")
    func lateAnswer() async throws {
        try await Door.open { door in
            let (requests, requested) = AsyncStream.makeStream(of: NATSMessage.self)
            try await door.nats.answer("\(door.worker)s.once") { message in
                requested.yield(message)
                return nil
            }
            try await door.nats.flush(timeout: .seconds(60))
            let client = try await RawClient.connect(port: door.port)
            defer { client.close() }
            try await client.send("POST /api/v1/once HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.read(until: "}").hasPrefix("HTTP/1.1 504 "))
            var iterator = requests.makeAsyncIterator()
            let message = try #require(await iterator.next(isolation: #isolation))
            try await door.nats.respond(to: message, body: Array("late".utf8))
            try await door.nats.flush(timeout: .seconds(60))
            try await client.send("GET /api/v1/things/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let next = try await client.readToEnd()
            #expect(next.hasPrefix("HTTP/1.1 200 "))
            #expect(!next.contains("late"))
        }
    }

    @Test("a broker that is away is 503; one that comes back within the retries is not missed")
    func brokerAway() async throws {
        let server = try await LocalNATS.start(directory: try TestServers.directory())
        try await Door.open(server: server) { door in
            #expect(try await door.get("/things/1").status == 200)
            await server.stop()
            try await door.eventually { try await $0.get("/health").status == 503 }
            let health = try await door.get("/health")
            #expect(health.json?["status"]?.string == "fail")
            let seen = try await door.post("/echo")
            #expect(seen.status == 503)
            #expect(seen["Retry-After"] == "1")
            try await server.restart()
            try await door.eventually { try await $0.get("/health").json?["status"]?.string == "pass" }
            #expect(try await door.get("/things/1").status == 200)
        }
        await server.stop()
    }

    @Test("health tells which worker does not answer")
    func health() async throws {
        try await Door.open { door in
            try await door.eventually { try await $0.get("/health").json?["status"]?.string == "pass" }
            let seen = try await door.get("/health")
            #expect(seen.status == 200)
            #expect(seen["Content-Type"] == "application/health+json")
            #expect(seen.json?["checks"]?["\(door.worker):ping"]?[0]?["status"]?.string == "pass")
            let index = try await door.get("/")
            #expect(index.json?["name"]?.string == "flotilla")
        }
    }
}

@Reactor
private final class Counter {
    private(set) var counts: [String: Int] = [:]
    nonisolated init() {}
    func count(_ subject: String) { counts[subject, default: 0] += 1 }
}
