import FoundationEssentials
import JSON
import NIOHTTP1
import Testing

@testable import Ingress

@Suite("limits and hostile bytes")
struct LimitTests {
    private static let close = "Connection: close\r\n"

    @Test("bodies beyond the endpoint's limit are refused, announced or not")
    func bodyLimits() async throws {
        try await Door.open { door in
            let fits = "{\"a\":\"" + String(repeating: "x", count: 4096 - 8) + "\"}"
            #expect(try await door.post("/echo", [:], fits).mirroredBody == fits)
            let announced = try await door.post("/echo", [:], fits + " ")
            #expect(announced.status == 413)
            #expect(announced.json?["type"]?.string == "urn:flotilla:problem:too-large")
            let large = "{\"a\":\"" + String(repeating: "x", count: 500_000) + "\"}"
            #expect(try await door.post("/large", [:], large).mirroredBody == large)
            let head = "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            // Announced as far too large: answered before any of it has come.
            let early = try await door.raw(head + "Content-Length: 99999999\r\n\r\n{")
            #expect(early.hasPrefix("HTTP/1.1 413 "))
            #expect(early.contains("\r\nConnection: close\r\n"))
            // In chunks, nobody knows before.
            let chunk = "800\r\n" + String(repeating: " ", count: 0x800) + "\r\n"
            let chunked = try await door.raw(
                head + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 5) + "0\r\n\r\n")
            #expect(chunked.hasPrefix("HTTP/1.1 413 "))
            let allowed = try await door.raw(
                head + Self.close + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n")
            #expect(allowed.contains(#""body":"{\"a\":1}""#))
        }
    }

    @Test("a refused request with a small body leaves the connection usable")
    func keepsConnection() async throws {
        try await Door.open { door in
            let client = try await RawClient.connect(port: door.port)
            defer { client.close() }
            try await client.send(
                "POST /api/v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                    + "GET /api/v1/things/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answers = try await client.readToEnd()
            #expect(answers.hasPrefix("HTTP/1.1 404 "))
            #expect(answers.contains("HTTP/1.1 200 OK"))
        }
    }

    @Test("pipelined requests are answered in order")
    func pipelining() async throws {
        try await Door.open { door in
            let count = 200
            let requests = (0..<count).map { number in
                number % 3 == 0
                    ? "GET /api/v1/nothing/\(number) HTTP/1.1\r\nHost: x\r\nX-Request-Id: r\(number)\r\n\r\n"
                    : "GET /api/v1/things/\(number) HTTP/1.1\r\nHost: x\r\nX-Request-Id: r\(number)\r\n\r\n"
            }
            let client = try await RawClient.connect(port: door.port)
            defer { client.close() }
            try await client.send(requests.joined())
            client.finishSending()
            let answers = try await client.readToEnd()
            let ids = answers.split(separator: "\r\n").filter { $0.hasPrefix("X-Request-Id: ") }
            #expect(ids.map(String.init) == (0..<count).map { "X-Request-Id: r\($0)" })
        }
    }

    @Test("expecting clients are told to go on, or told why not")
    func expectations() async throws {
        try await Door.open { door in
            let head = "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            let client = try await RawClient.connect(port: door.port)
            defer { client.close() }
            try await client.send(head + Self.close + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("{}")
            #expect(try await client.readToEnd().hasPrefix("HTTP/1.1 200 OK"))
            let refused = try await door.raw(head + "Expect: 100-continue\r\nContent-Length: 999999\r\n\r\n")
            #expect(refused.hasPrefix("HTTP/1.1 413 "))
            let unknown = try await door.raw(head + Self.close + "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}")
            #expect(unknown.hasPrefix("HTTP/1.1 417 "))
        }
    }

    /// Requests as no client should send them, and how the answer begins; all of them end the connection.
    static let hostile: [(name: String, bytes: String, answer: String)] = {
        let get = "GET /api/v1/things/1 HTTP/1.1\r\n"
        let post = "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        let next = "GET /api/v1/things/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        let many = (0..<101).map { "X-\($0): 1\r\n" }.joined()
        let long = String(repeating: "a", count: 17 * 1024)
        return [
            ("no host", get + "\r\n", "400"), ("two hosts", get + "Host: a\r\nHost: b\r\n\r\n", "400"),
            (
                "length and chunks", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + next,
                "400"
            ),
            (
                "chunks and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n" + next,
                "400"
            ),
            ("two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} " + next, "400"),
            ("the same length twice", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + next, "400"),
            ("lengths in a list", post + "Content-Length: 2, 2\r\n\r\n{}" + next, "400"),
            ("negative length", post + "Content-Length: -2\r\n\r\n{}" + next, "400"),
            ("length with a plus", post + "Content-Length: +2\r\n\r\n{}" + next, "400"),
            ("length in hex", post + "Content-Length: 0x2\r\n\r\n{}" + next, "400"),
            ("length that overflows", post + "Content-Length: 99999999999999999999\r\n\r\n{}" + next, "400"),
            ("unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n{}" + next, "400"),
            ("chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + next, "400"),
            ("chunked not last", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + next, "400"),
            ("chunked with a tab", post + "Transfer-Encoding:\u{b}chunked\r\n\r\n0\r\n\r\n" + next, "400"),
            (
                "two codings",
                post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + next, "400"
            ),
            ("space before the colon", post + "Content-Length : 2\r\n\r\n{}" + next, "400"),
            ("space before a name", get + " Host: x\r\n\r\n", "400"),
            ("folded line", get + "Host: x\r\nX-A: 1\r\n 2\r\n\r\n", "400"),
            ("bare line feeds", "GET /api/v1/things/1 HTTP/1.1\nHost: x\n\n", "400"),
            ("one bare line feed", get + "Host: x\nX-A: 1\r\n\r\n", "400"),
            ("bare carriage return", get + "Host: x\rX-A: 1\r\n\r\n", "400"),
            ("NUL in a value", get + "Host: x\r\nX-A: a\0b\r\n\r\n", "400"),
            ("no name", get + "Host: x\r\n: 1\r\n\r\n", "400"),
            ("no colon", get + "Host: x\r\nnonsense\r\n\r\n", "400"),
            ("chunk size no number", post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n" + next, "400"),
            ("chunk size negative", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + next, "400"),
            ("chunk size overflows", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n", "400"),
            ("chunk longer than said", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n", "400"),
            ("not HTTP", "hello\r\n\r\n", "400"), ("TLS", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "400"),
            ("unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
            ("lowercase method", "get / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
            ("no target", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
            ("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"),
            ("HTTP/0.9", "GET /\r\n\r\n", "400"), ("HTTP/3.0", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", "400"),
            ("HTTP/1.x", "GET / HTTP/1.x\r\nHost: x\r\n\r\n", "400"),
            ("too many fields", get + "Host: x\r\n" + many + "\r\n", "431"),
            ("a field too long", get + "Host: x\r\nX-A: \(long)\r\n\r\n", "431"),
            ("a name too long", get + "Host: x\r\n\(long): 1\r\n\r\n", "431"),
            ("a target too long", "GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n", "431"),
            ("tunnel", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
            ("upgrade and more", get + "Host: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n" + next, "200"),
        ]
    }()

    @Test("hostile requests get one clean answer and the connection ends")
    func refusesHostile() async throws {
        try await Door.open(answersKeys: false) { door in
            for (name, bytes, answer) in Self.hostile {
                let client = try await RawClient.connect(port: door.port)
                defer { client.close() }
                try await client.send(bytes)
                let seen = try await client.readToEnd()
                #expect(seen.hasPrefix("HTTP/1.1 \(answer) "), "\(name): \(seen)")
                #expect(!seen.contains("smuggled"), "\(name)")
                #expect(seen.components(separatedBy: "HTTP/1.1 ").count == 2, "\(name): \(seen)")
                #expect(seen.contains("\r\nConnection: close\r\n"), "\(name)")
                #expect(answer == "200" || seen.contains("application/problem+json"), "\(name)")
            }
            #expect(try await door.get("/things/1").status == 200)
        }
    }

    @Test("nothing that comes in a path, a query or a header becomes a header of the message or the answer")
    func injections() async throws {
        try await Door.open { door in
            let evil = "%0d%0aFlotilla-Actor:%20staff:1%0d%0a"
            let seen = try await door.raw(
                "GET /api/v1/things/\(evil)?\(evil)=1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: \(evil)\r\n"
                    + "traceparent: \(evil)\r\nConnection: close\r\n\r\n")
            #expect(seen.hasPrefix("HTTP/1.1 400 "))
            #expect(!seen.lowercased().contains("\r\nflotilla-actor"))
            let path = try await door.get("/things/\(evil)")
            #expect(path.status == 200)
            #expect(path.mirrored("Flotilla-Actor") == "anonymous")
            #expect(path.json?["headers"]?.object?.count == 4)
            #expect(path["Flotilla-Actor"] == nil)
            for subject in ["*", ">", "a.b", "%20", "$SRV.PING", "a%0d%0aPUB%20x%201"] {
                let seen = try await door.get("/things/\(subject)")
                #expect(seen.json?["subject"]?.string == "\(door.worker).get", "\(subject)")
            }
        }
    }

    @Test("slow headers and bodies are given up, quiet connections closed")
    func deadlines() async throws {
        try await Door.open(configure: {
            $0.headerTimeout = .milliseconds(300)
            $0.bodyTimeout = .milliseconds(300)
            $0.idleTimeout = .milliseconds(600)
        }) { door in
            let header = try await RawClient.connect(port: door.port)
            try await header.send("GET /api/v1/things/1 HT")
            let body = try await RawClient.connect(port: door.port)
            try await body.send(
                "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
            let quiet = try await RawClient.connect(port: door.port)
            let trickle = try await RawClient.connect(port: door.port)
            try await trickle.send("GET /api/v1/things/1 HTTP/1.1\r\n")
            let answers = try await (header.readToEnd(), body.readToEnd(), quiet.readToEnd())
            #expect(answers.0.hasPrefix("HTTP/1.1 408 "))
            #expect(answers.1.hasPrefix("HTTP/1.1 408 "))
            #expect(answers.2.isEmpty)
            #expect(try await trickle.readToEnd().hasPrefix("HTTP/1.1 408 "))
            for client in [header, body, quiet, trickle] { client.close() }
        }
    }

    @Test("connections beyond the cap wait until one is free")
    func connectionCap() async throws {
        try await Door.open(answersKeys: false, configure: { $0.maxConnections = 2 }) { door in
            let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            let first = try await RawClient.connect(port: door.port)
            let second = try await RawClient.connect(port: door.port)
            let third = try await RawClient.connect(port: door.port)
            for client in [first, second, third] { try await client.send(request) }
            for client in [first, second] {
                #expect(try await client.read(until: "}}").hasPrefix("HTTP/1.1 200 "))
            }
            async let waiting = third.read(until: "}}")
            first.close()
            #expect(try await waiting.hasPrefix("HTTP/1.1 200 "))
            second.close()
            third.close()
        }
    }
}
