import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1

/// An answer as a client sees it.
struct Seen: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: String

    var json: JSONValue? { try? JSONReader.parse(body) }
    /// What the mirror says came as the message's body.
    var mirroredBody: String? { json?["body"]?.string }

    func mirrored(_ header: String) -> String? { json?["headers"]?[header]?.string }
    subscript(_ header: String) -> String? { headers.first(name: header) }
}

extension Door {
    struct Impatience: Error {}

    func get(_ path: String, _ headers: HTTPHeaders = [:]) async throws -> Seen {
        try await send(.GET, path, headers)
    }

    func post(_ path: String, _ headers: HTTPHeaders = [:], _ body: String = "{}") async throws -> Seen {
        try await send(.POST, path, headers, body)
    }

    /// Sends a request below `/api/v1`, or to a path of the ingress itself.
    func send(
        _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders = [:], _ body: String? = nil
    ) async throws -> Seen {
        let isOwn = path == "/" || path.hasPrefix("/health") || path.hasPrefix("/.well-known") || path.hasPrefix("/x")
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(isOwn ? path : "/api/v1" + path)")
        request.method = method
        request.headers = headers
        if let body {
            request.body = .bytes(ByteBuffer(string: body))
            if !headers.contains(name: "content-type") {
                request.headers.add(name: "Content-Type", value: "application/json")
            }
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 4 << 20)
        return Seen(status: Int(response.status.code), headers: response.headers, body: String(buffer: bytes))
    }

    /// Sends bytes as they are and reads to the end of the connection.
    func raw(_ text: String) async throws -> String {
        let client = try await RawClient.connect(port: port)
        defer { client.close() }
        try await client.send(text)
        return try await client.readToEnd()
    }

    /// Asks again until the condition holds, for at most a minute.
    func eventually(_ condition: (Door) async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !condition(self) {
            guard ContinuousClock.now < deadline else { throw Impatience() }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func bearer(_ token: String) -> HTTPHeaders { ["Authorization": "Bearer \(token)"] }
}
