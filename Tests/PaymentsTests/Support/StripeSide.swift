import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Stripe
import StripeSimulator

/// A Stripe simulator with a client, and its controls over HTTP.
struct StripeSide: Sendable {
    static let apiKey = "sk_test_flotilla"
    static let webhookSecret = "whsec_flotilla"

    let url: String
    let client: StripeClient

    struct Intent: Decodable, Sendable {
        var id: String
        var orderId: String?
        var paymentId: String?
        var captured: Int64
        var refunded: Int64
        var status: String
    }

    struct Ledger: Decodable, Sendable {
        var captured: [String: Int64]
        var refunded: [String: Int64]
        var ordersChargedTwice: [String]
        var intents: [Intent]
    }

    /// Runs a simulator on a free port around `body`. The client gives up after its first attempt.
    static func run<T: Sendable>(_ body: @Sendable (StripeSide) async throws -> T) async throws -> T {
        var configuration = StripeSimulator.Configuration(port: 0, apiKey: apiKey, webhookSecret: webhookSecret)
        configuration.settlementDelay = .milliseconds(300)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let simulator = StripeSimulator(configuration: configuration, logger: logger)
        return try await Services.run([simulator]) {
            let url = try await simulator.url()
            var settings = StripeClient.Configuration(baseURL: url, apiKey: apiKey)
            settings.retries.maxRetries = 0
            let client = StripeClient(configuration: settings, logger: logger)
            let result: Result<T, any Error>
            do { result = .success(try await body(StripeSide(url: url, client: client))) } catch {
                result = .failure(error)
            }
            await client.shutdown()
            return try result.get()
        }
    }

    func ledger() async throws -> Ledger {
        try JSONDecoder().decode(Ledger.self, from: Data(try await send("GET", "/sim/ledger").utf8))
    }

    /// - Parameter json: as `POST /sim/faults` takes it.
    func faults(_ json: String) async throws {
        _ = try await send("POST", "/sim/faults", json, type: "application/json")
    }

    func release() async throws { _ = try await send("POST", "/sim/release") }

    func sendWebhooks(to url: String?) async throws {
        let target = url.map { "\"\($0)\"" } ?? "null"
        _ = try await send("POST", "/sim/webhooks", "{\"url\": \(target)}", type: "application/json")
    }

    /// What the customer does on the page of the bank.
    func authenticate(_ intent: String, _ outcome: String = "complete") async throws {
        _ = try await send("POST", "/3ds/\(intent)/\(outcome)")
    }

    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: String = "", type: String = "application/x-www-form-urlencoded"
    ) async throws -> String {
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "authorization", value: "Bearer \(Self.apiKey)")
        if method == "POST" {
            request.headers.add(name: "content-type", value: type)
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let text = String(buffer: try await answer.body.collect(upTo: 8 << 20))
        guard (200..<400).contains(Int(answer.status.code)) else { throw Refused(text: "\(answer.status): \(text)") }
        return text
    }

    struct Refused: Error { let text: String }
}

/// Takes webhooks over HTTP and hands them on, as the ingress does.
struct WebhookGate: Sendable {
    static func run<T: Sendable>(
        _ take: @escaping @Sendable (_ body: [UInt8], _ signature: String) async throws -> Int,
        _ body: @Sendable (_ url: String) async throws -> T
    ) async throws -> T {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (ports, found) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.post("hook") { request, _ -> HTTPResponse.Status in
            let payload = try await request.body.collect(upTo: 1 << 20)
            let signature = request.headers.first { $0.name.canonicalName == "stripe-signature" }?.value
            return HTTPResponse.Status(code: try await take(Array(payload.readableBytesView), signature ?? ""))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: logger)
        return try await Services.run([application]) {
            let port = await ports.first { _ in true } ?? 0
            return try await body("http://127.0.0.1:\(port)/hook")
        }
    }
}

enum Services {
    /// Runs services until `body` returns, then shuts them down.
    static func run<T: Sendable>(_ services: [any Service], _ body: () async throws -> T) async throws -> T {
        let group = ServiceGroup(services: services, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        // Not a child task: its end is awaited below, also when the body throws.
        let running = Task { try await group.run() }
        let result: Result<T, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await running.value
        return try result.get()
    }
}
