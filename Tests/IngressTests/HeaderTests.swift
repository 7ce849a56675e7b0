import FoundationEssentials
import JSON
import NIOHTTP1
import Testing

@testable import Ingress

@Suite("headers")
struct HeaderTests {
    @Test("a message carries trace, deadline, actor, key and request id, and nothing of the client's own")
    func messageHeaders() async throws {
        try await Door.open { door in
            let seen = try await door.post(
                "/echo",
                [
                    "Flotilla-Actor": "staff:1", "Flotilla-Deadline": "9999999999999", "flotilla-request-id": "x",
                    "Nats-Service-Error-Code": "500", "Cookie": "a=b", "X-Forwarded-For": "1.2.3.4",
                    "Nats-Msg-Id": "1", "Idempotency-Key": "\"k 1\"", "X-Request-Id": "req_1-A",
                    "traceparent": "00-\(HeaderValueTests.trace)-b7ad6b7169203331-00",
                ])
            let headers = try #require(seen.json?["headers"]?.object)
            let expected = [
                "traceparent", "Flotilla-Deadline", "Flotilla-Actor", "Flotilla-Request-Id", "Idempotency-Key",
            ]
            #expect(Set(headers.members.map(\.name)) == Set(expected))
            #expect(headers.count == expected.count)
            #expect(seen.mirrored("Flotilla-Actor") == "anonymous")
            #expect(seen.mirrored("Idempotency-Key") == "k 1")
            #expect(seen.mirrored("Flotilla-Request-Id") == "req_1-A")
            #expect(seen["X-Request-Id"] == "req_1-A")
            let trace = try #require(seen.mirrored("traceparent"))
            #expect(trace.hasPrefix("00-\(HeaderValueTests.trace)-") && trace.hasSuffix("-00"))
            let deadline = try #require(seen.mirrored("Flotilla-Deadline").flatMap(Int64.init))
            let now = Int64(Date().timeIntervalSince1970 * 1000)
            #expect((now...(now + 60_000)).contains(deadline))
        }
    }

    @Test("a request id that is no token is replaced")
    func requestIDs() async throws {
        try await Door.open { door in
            for bad in ["a b", "", "x\u{e9}", String(repeating: "a", count: 65), "a;b", "a\"b"] {
                let seen = try await door.post("/echo", ["X-Request-Id": bad])
                #expect(seen.status == 200)
                let id = try #require(seen["X-Request-Id"])
                #expect(id.utf8.count == 32 && id != bad)
                #expect(seen.mirrored("Flotilla-Request-Id") == id)
            }
        }
    }

    @Test("every answer says what made it")
    func constantHeaders() async throws {
        try await Door.open { door in
            for path in ["/things/1", "/nothing", "/health", "/staff"] {
                let seen = try await door.get(path)
                #expect(seen["X-API-Version"] == "v1")
                #expect(seen["X-Service-Name"] == "api-gateway")
                #expect(seen["X-Request-Id"] != nil)
                #expect(seen["Date"]?.hasSuffix(" GMT") == true)
            }
            let problem = try await door.get("/nothing", ["X-Request-Id": "p1"])
            #expect(problem.json?["requestId"]?.string == "p1")
            #expect(problem.json?["type"]?.string == "urn:flotilla:problem:not-found")
        }
    }

    @Test("idempotency keys are checked where the contract takes one")
    func idempotencyKeys() async throws {
        try await Door.open { door in
            for bad in ["\"", "a b", "\"x\"y", String(repeating: "k", count: 256)] {
                let seen = try await door.post("/echo", ["Idempotency-Key": bad])
                #expect(seen.status == 400, "\(bad)")
                #expect(seen.json?["type"]?.string == "urn:flotilla:problem:idempotency-key-malformed")
            }
            let customer = door.bearer(try door.signer.token())
            let missing = try await door.post("/strict", customer)
            #expect(missing.status == 400)
            #expect(missing.json?["type"]?.string == "urn:flotilla:problem:idempotency-key-missing")
            var headers = customer
            headers.add(name: "idempotency-key", value: "k1")
            #expect(try await door.post("/strict", headers).status == 201)
            headers.add(name: "idempotency-key", value: "k2")
            #expect(try await door.post("/strict", headers).status == 400)
            // Where none is taken it is not passed on.
            let ignored = try await door.get("/things/1", ["Idempotency-Key": "a b"])
            #expect(ignored.status == 200)
            #expect(ignored.mirrored("Idempotency-Key") == nil)
        }
    }

    @Test("bodies must be announced as JSON, except where they are raw")
    func contentTypes() async throws {
        try await Door.open { door in
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
                let seen = try await door.post("/echo", ["Content-Type": type])
                #expect(seen.status == 415, "\(type)")
                #expect(seen["Accept"] == "application/json")
            }
            let none = try await door.raw(
                "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
            #expect(none.hasPrefix("HTTP/1.1 415 "))
            let without = try await door.raw(
                "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            #expect(without.hasPrefix("HTTP/1.1 200 "))
            let hook = try await door.post(
                "/hook", ["Content-Type": "text/plain", "Stripe-Signature": "t=1,v1=ab"], "a=1&b")
            #expect(hook.mirroredBody == "a=1&b")
            #expect(hook.mirrored("Stripe-Signature") == "t=1,v1=ab")
            let spaced = try await door.raw(
                "POST /api/v1/hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nStripe-Signature: \t a b \t\r\nContent-Length: 1\r\n\r\nx"
            )
            #expect(spaced.hasPrefix("HTTP/1.1 200 ") && spaced.contains(#""Stripe-Signature":"a b""#), "\(spaced)")
            let twice: HTTPHeaders = ["Stripe-Signature": "a", "stripe-signature": "b"]
            #expect(try await door.post("/hook", twice, "x").status == 400)
            #expect(try await door.post("/hook", [:], "x").mirrored("Stripe-Signature") == nil)
        }
    }

    @Test("preflights of allowed origins are answered, others get no permission")
    func preflights() async throws {
        try await Door.open { door in
            let asks: HTTPHeaders = [
                "Origin": "https://myapp.com", "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": "authorization,idempotency-key",
            ]
            let allowed = try await door.send(.OPTIONS, "/things/1/status", asks)
            #expect(allowed.status == 204)
            #expect(allowed["Access-Control-Allow-Origin"] == "https://myapp.com")
            #expect(allowed["Access-Control-Allow-Credentials"] == "true")
            #expect(allowed["Access-Control-Max-Age"] == "3600")
            #expect(allowed["Access-Control-Allow-Methods"] == "GET, POST, PUT, PATCH, DELETE, OPTIONS")
            #expect(allowed["Access-Control-Allow-Headers"]?.contains("Idempotency-Key") == true)
            #expect(allowed["Vary"] == "Origin")
            #expect(try await door.send(.OPTIONS, "/nothing", asks).status == 404)
            for origin in [
                "https://evil.com", "https://myapp.com.evil.com", "http://myapp.com", "null", "HTTPS://MYAPP.COM",
            ] {
                let seen = try await door.send(
                    .OPTIONS, "/echo", ["Origin": origin, "Access-Control-Request-Method": "POST"])
                #expect(seen.status == 204)
                #expect(!seen.headers.contains { $0.name.lowercased().hasPrefix("access-control") }, "\(origin)")
            }
            let plain = try await door.get("/things/1", ["Origin": "http://localhost:3000"])
            #expect(plain["Access-Control-Allow-Origin"] == "http://localhost:3000")
            #expect(plain["Access-Control-Expose-Headers"]?.contains("X-Auth-Token") == true)
            #expect(
                try await door.get("/things/1", ["Origin": "https://evil.com"])["Access-Control-Allow-Origin"] == nil)
            let options = try await door.send(.OPTIONS, "/things/1")
            #expect(options.status == 204)
            #expect(options["Allow"] == "GET, HEAD, OPTIONS")
        }
    }
}
