import JSON
import NIOHTTP1
import Testing

@testable import Ingress

@Suite("routing")
struct RoutingTests {
    @Test("requests reach the subject of their route, with path and query in the message")
    func routes() async throws {
        try await Door.open { door in
            let table: [(HTTPMethod, String, String?, subject: String, body: String)] = [
                (.POST, "/echo", #"{"a":1}"#, "echo", #"{"a":1}"#),
                (.POST, "/echo", nil, "echo", "{}"),
                (.GET, "/things/7", nil, "get", #"{"id":"7"}"#),
                (.GET, "/things/special", nil, "special", "{}"),
                (.GET, "/things/a%20%22b%22", nil, "get", #"{"id":"a \"b\""}"#),
                (.GET, "/things/%C3%A9%2F", nil, "get", #"{"id":"é/"}"#),
                (.GET, "/things/a+b", nil, "get", #"{"id":"a+b"}"#),
                (.GET, "/things", nil, "list", "{}"),
                (.GET, "/things?", nil, "list", "{}"),
                (
                    .GET, "/things?limit=10&q=a+b%26c&sort=price", nil, "list",
                    #"{"limit":10,"q":"a b&c","sort":"price"}"#
                ),
                (.GET, "/things?all=true&q=", nil, "list", #"{"all":true,"q":""}"#),
                (.GET, "/things?&limit=1&", nil, "list", #"{"limit":1}"#),
            ]
            for (method, path, body, subject, message) in table {
                let seen = try await door.send(method, path, [:], body)
                #expect(seen.status == 200, "\(path): \(seen.body)")
                #expect(seen.json?["subject"]?.string == "\(door.worker).\(subject)", "\(path)")
                #expect(seen.mirroredBody == message, "\(path)")
            }
        }
    }

    @Test("parameters of a path are spliced into the body")
    func splices() async throws {
        try await Door.open { door in
            let headers = door.bearer(try door.signer.token())
            let seen = try await door.send(.PATCH, "/things/42/status", headers, #"{"status":"shipped"}"#)
            #expect(seen.mirroredBody == #"{"status":"shipped","id":"42"}"#)
            let without = try await door.send(.PATCH, "/things/42/status", headers)
            #expect(without.mirroredBody == #"{"id":"42"}"#)
            let array = try await door.send(.PATCH, "/things/42/status", headers, "[]")
            #expect(array.status == 400)
            #expect(array.json?["type"]?.string == "urn:flotilla:problem:malformed-json")
            // 204 has no body, whatever the worker sends.
            let put = try await door.send(.PUT, "/things/1/parts/2", [:], #"{"x":1}"#)
            #expect(put.status == 204)
            #expect(put.body.isEmpty)
            #expect(put["Content-Length"] == nil)
        }
    }

    @Test("unknown paths are 404, known ones with another method 405 with Allow")
    func unknown() async throws {
        try await Door.open { door in
            for path in [
                "/", "/thing", "/things/", "/things/1/", "/things//status", "/things/1/2", "/echo/x", "/hidden",
                "/ECHO",
                "/%65cho", "//echo", "/things/1/status/x",
            ] {
                let seen = try await door.get("/api/v1" == path ? path : path == "/" ? "/things/x/y/z" : path)
                #expect(seen.status == 404, "\(path)")
                #expect(seen["Content-Type"] == "application/problem+json")
                #expect(seen.json?["error"]?.string == "Not found")
            }
            for path in ["/x", "/x/api/v1/echo", "/health/x"] {
                #expect(try await door.get(path).status == 404, "\(path)")
            }
            let table: [(HTTPMethod, String, allow: String)] = [
                (.GET, "/echo", "OPTIONS, POST"), (.DELETE, "/things", "GET, HEAD, OPTIONS"),
                (.POST, "/things/special", "GET, HEAD, OPTIONS"), (.GET, "/things/1/status", "OPTIONS, PATCH"),
                (.POST, "/health", "GET, HEAD, OPTIONS"), (.TRACE, "/things/1", "GET, HEAD, OPTIONS"),
            ]
            for (method, path, allow) in table {
                let seen = try await door.send(method, path)
                #expect(seen.status == 405, "\(method) \(path)")
                #expect(seen["Allow"] == allow)
                #expect(seen.json?["status"]?.int64 == 405)
            }
        }
    }

    @Test("query parameters that are unknown or repeated are refused by name")
    func query() async throws {
        try await Door.open { door in
            let table = [
                ("/things?limit=1&limit=2", "/limit"), ("/things?nope=1", "/nope"), ("/things?id=1", "/id"),
                ("/things/7?id=8", "/id"), ("/echo?a=1", "/a"), ("/range?from=1&to=2", "/to"),
            ]
            for (path, pointer) in table {
                let seen = try await door.send(path.hasPrefix("/echo") ? .POST : .GET, path)
                #expect(seen.status == 400, "\(path)")
                #expect(seen.json?["errors"]?[0]?["pointer"]?.string == pointer, "\(path): \(seen.body)")
            }
        }
    }

    @Test(
        "query parameters become members of their type, and texts that are none go on for the worker to refuse",
        arguments: [
            ("limit=10", #"{"limit":10}"#), ("limit=1.5", #"{"limit":1.5}"#), ("limit=ten", #"{"limit":"ten"}"#),
            ("limit=", #"{"limit":""}"#), ("limit", #"{"limit":""}"#), ("limit=01", #"{"limit":"01"}"#),
            ("limit=1%22%7d", #"{"limit":"1\"}"}"#), ("limit=%201", #"{"limit":" 1"}"#),
            ("limit=99999999999999999999", #"{"limit":99999999999999999999}"#), ("all=true", #"{"all":true}"#),
            ("all=yes", #"{"all":"yes"}"#), ("q=1&all=false", #"{"q":"1","all":false}"#), ("", "{}"),
        ])
    func queryValues(_ query: String, _ body: String) async throws {
        try await Door.open { door in
            let seen = try await door.send(.GET, "/things?\(query)")
            #expect(seen.mirroredBody == body)
        }
    }

    @Test("paths that are malformed are refused")
    func malformedPaths() async throws {
        try await Door.open { door in
            for path in [
                "/api/v1/things/%", "/api/v1/things/%4", "/api/v1/things/%zz", "/api/v1/things/%00",
                "/api/v1/things/a%00",
                "/api/v1/things/%c0%af", "/api/v1/things/%ff", "/api/v1/things/%2e", "/api/v1/things/%2E%2e",
                "/api/v1/things/..", "/api/v1/things/.", "api/v1/echo", "*", "ftp://x/api/v1/things/1",
                "/api/v1/things?q=%", "/api/v1/things?q=%zz", "/api/v1/things?q=%00", "/api/v1/things?q=%c0%ae",
                "/api/v1/things?%ff=1", "/api/v1/things?q=%ed%a0%80", "/api/v1/things/1#x", "/api/v1/things/<\u{1}>",
            ] {
                let answer = try await door.raw("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(path): \(answer)")
            }
            let absolute = try await door.raw(
                "GET http://x/api/v1/things/9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(absolute.hasPrefix("HTTP/1.1 200 OK\r\n"))
            let long = "/api/v1/things/" + String(repeating: "a", count: 2100)
            #expect(
                try await door.raw("GET \(long) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .hasPrefix("HTTP/1.1 414 "))
            let endless = "/api/v1/things?q=" + String(repeating: "a", count: 9000)
            #expect(
                try await door.raw("GET \(endless) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .hasPrefix("HTTP/1.1 414 "))
        }
    }

    @Test("HEAD is GET without the body")
    func head() async throws {
        try await Door.open { door in
            for path in ["/api/v1/things/7", "/health", "/"] {
                let answer = try await door.raw("HEAD \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(answer.hasSuffix("\r\n\r\n"))
                #expect(!answer.contains("Content-Length: 0\r\n"))
            }
        }
    }
}
