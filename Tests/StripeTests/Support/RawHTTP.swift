import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Plain HTTP, to send what the client would never send.
struct RawHTTP: Sendable {
    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var body: String

        func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try JSONDecoder().decode(type, from: Data(body.utf8))
        }

        /// The `error` of an answer of the API.
        var error: ErrorView { get throws { try decode([String: ErrorView].self)["error"] ?? ErrorView() } }
    }

    struct ErrorView: Decodable {
        var type: String?
        var code: String?
        var message: String?
        var param: String?
    }

    var url: String

    /// Follows no redirects. Never shut down: it lives as long as the tests.
    private static let client: HTTPClient = {
        var options = HTTPClient.Configuration()
        options.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }()

    func send(
        _ method: String, _ path: String, _ body: String? = nil, type: String = "application/x-www-form-urlencoded",
        headers: [String: String] = [:], key: String? = SimulatorHarness.apiKey
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method)
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: type)
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await Self.client.execute(request, timeout: .seconds(20))
        let text = String(buffer: try await answer.body.collect(upTo: 8 * 1024 * 1024))
        let fields = answer.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(
            status: Int(answer.status.code), headers: Dictionary(fields, uniquingKeysWith: { first, _ in first }),
            body: text)
    }

    func post(_ path: String, _ body: String = "", headers: [String: String] = [:]) async throws -> Answer {
        try await send("POST", path, body, headers: headers)
    }

    func get<Value: Decodable>(_ path: String) async throws -> Value {
        try await send("GET", path).decode()
    }
}
