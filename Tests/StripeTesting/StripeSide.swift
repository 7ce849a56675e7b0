import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
package import Stripe
import StripeSimulator

/// A Stripe simulator with a client, and its controls over HTTP.
package struct StripeSide: Sendable {
    package static let apiKey = "sk_test_flotilla"
    package static let webhookSecret = "whsec_flotilla"

    package let url: String
    package let client: StripeClient

    package struct Intent: Decodable, Sendable {
        package var id: String
        package var orderId: String?
        package var paymentId: String?
        package var captured: Int64
        package var refunded: Int64
        package var status: String
    }

    package struct Ledger: Decodable, Sendable {
        package var captured: [String: Int64]
        package var refunded: [String: Int64]
        package var ordersChargedTwice: [String]
        package var intents: [Intent]
    }

    /// Runs a simulator on a free port around `body`. The client gives up after its first attempt.
    package static func run<T: Sendable>(_ body: @Sendable (StripeSide) async throws -> T) async throws -> T {
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

    package func ledger() async throws -> Ledger {
        try JSONDecoder().decode(Ledger.self, from: Data(try await send("GET", "/sim/ledger").utf8))
    }

    /// - Parameter json: as `POST /sim/faults` takes it.
    package func faults(_ json: String) async throws {
        _ = try await send("POST", "/sim/faults", json, type: "application/json")
    }

    package func release() async throws { _ = try await send("POST", "/sim/release") }

    package func sendWebhooks(to url: String?) async throws {
        let target = url.map { "\"\($0)\"" } ?? "null"
        _ = try await send("POST", "/sim/webhooks", "{\"url\": \(target)}", type: "application/json")
    }

    /// What the customer does on the page of the bank.
    package func authenticate(_ intent: String, _ outcome: String = "complete") async throws {
        _ = try await send("POST", "/3ds/\(intent)/\(outcome)")
    }

    @discardableResult
    package func send(
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

    package struct Refused: Error { package let text: String }
}
