import NIOHTTP1
import Testing

@testable import Ingress

@Suite("what a worker is told of a client")
struct VisitorTests {
    private static let session = "0190b0a4-6a7e-7c3a-9d5e-0a1b2c3d4e60"

    @Test("is the connection's address, the agent and the token's session, whatever the client says of them")
    func details() async throws {
        try await Door.open { door in
            let token = try door.signer.token(extra: #","sid":"\#(Self.session)""#)
            let seen = try await door.post(
                "/visit",
                [
                    "Authorization": "Bearer \(token)", "User-Agent": " Browser/1.0 (x) ", "X-Forwarded-For": "9.9.9.9",
                    "Flotilla-Client": "8.8.8.8", "Flotilla-Session": "made up", "Flotilla-Agent": "made up",
                ])
            #expect(seen.mirrored("Flotilla-Client") == "127.0.0.1")
            #expect(seen.mirrored("Flotilla-Agent") == "Browser/1.0 (x)")
            #expect(seen.mirrored("Flotilla-Session") == Self.session)
            let anonymous = try await door.post("/visit", ["Flotilla-Session": Self.session])
            #expect(anonymous.mirrored("Flotilla-Actor") == "anonymous")
            #expect(anonymous.mirrored("Flotilla-Session") == nil)
            let other = try await door.post("/echo", ["Authorization": "Bearer \(token)"])
            #expect(other.mirrored("Flotilla-Client") == nil && other.mirrored("Flotilla-Session") == nil)
        }
    }

    @Test("is the address that the proxies in front name, and never what stands left of it")
    func proxies() async throws {
        try await Door.open(configure: { $0.proxies = 1 }) { door in
            for (value, address) in [
                ("203.0.113.9", "203.0.113.9"), ("1.1.1.1, 203.0.113.9", "203.0.113.9"), ("2001:db8::1", "2001:db8::1"),
                ("203.0.113.9, nonsense", "127.0.0.1"),
            ] {
                let seen = try await door.post("/visit", ["X-Forwarded-For": value])
                #expect(seen.mirrored("Flotilla-Client") == address, "\(value)")
            }
            #expect(try await door.post("/visit").mirrored("Flotilla-Client") == "127.0.0.1")
        }
    }

    @Test(
        "has an agent of printable ASCII, cut at 255 bytes",
        arguments: [
            (String(repeating: "a", count: 300), String(repeating: "a", count: 255)), ("", nil), ("   ", nil),
            ("tab\there", "tabhere"), ("caf\u{e9}", "caf"),
        ])
    func agents(value: String, agent: String?) {
        let headers = RequestHeaders(HTTPHeaders([("user-agent", value)]))
        #expect(Visitor(headers, proxies: 0, forwardedFor: []).agent == agent)
    }

    @Test("has no session when the token's is none")
    func malformedSession() async throws {
        try await Door.open { door in
            let token = try door.signer.token(extra: #","sid":"7""#)
            let seen = try await door.post("/visit", ["Authorization": "Bearer \(token)"])
            #expect(seen.mirrored("Flotilla-Actor") == "anonymous")
            #expect(seen.mirrored("Flotilla-Session") == nil)
        }
    }
}
