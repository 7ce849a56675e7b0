import AsyncHTTPClient
import FoundationEssentials
import Logging
import ServiceLifecycle
import Stripe

@testable import StripeSimulator

/// A running simulator with a client for it.
struct SimulatorHarness: Sendable {
    static let apiKey = "sk_test_flotilla"
    static let webhookSecret = "whsec_flotilla"

    let url: String
    let client: StripeClient
    let http: RawHTTP

    /// A deadline that no test reaches unless something hangs.
    var soon: ContinuousClock.Instant { .now + .seconds(20) }

    /// Runs a simulator on a free port around `body`.
    static func run<Result: Sendable>(
        configure: (inout StripeSimulator.Configuration) -> Void = { _ in },
        client configureClient: (inout StripeClient.Configuration) -> Void = { _ in },
        clock: (@Sendable () -> Int64)? = nil,
        _ body: (SimulatorHarness) async throws -> Result
    ) async throws -> Result {
        var configuration = StripeSimulator.Configuration(port: 0, apiKey: apiKey, webhookSecret: webhookSecret)
        configure(&configuration)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let simulator =
            clock.map { StripeSimulator(configuration: configuration, logger: logger, clock: $0) }
            ?? StripeSimulator(configuration: configuration, logger: logger)
        let group = ServiceGroup(services: [simulator], logger: logger)
        // Not a child task: its end is awaited below, also when the body throws.
        let running = Task { try await group.run() }
        let outcome: Swift.Result<Result, any Error>
        do {
            let url = try await simulator.url()
            var clientConfiguration = StripeClient.Configuration(baseURL: url, apiKey: apiKey)
            clientConfiguration.retries.firstDelay = .milliseconds(5)
            clientConfiguration.retries.longestDelay = .milliseconds(20)
            configureClient(&clientConfiguration)
            let client = StripeClient(configuration: clientConfiguration, logger: logger)
            do {
                outcome = .success(try await body(SimulatorHarness(url: url, client: client, http: RawHTTP(url: url))))
            } catch {
                outcome = .failure(error)
            }
            await client.shutdown()
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return try outcome.get()
    }

    /// Charges 19.99 EUR.
    func pay(
        _ method: String, order: String = "order-1", key: String = UUID().uuidString, amount: Int64 = 1999,
        returnURL: String? = nil, using client: StripeClient? = nil
    ) async throws -> PaymentIntent {
        var parameters = StripeClient.PaymentIntentParameters(amount: amount, currency: "EUR", paymentMethod: method)
        parameters.metadata = ["order_id": order, "payment_id": "payment-of-\(order)"]
        parameters.returnURL = returnURL
        return try await (client ?? self.client).createPaymentIntent(parameters, idempotencyKey: key, deadline: soon)
    }

    func ledger() async throws -> LedgerView { try await http.get("/sim/ledger") }

    /// How many answers are held.
    var held: Int {
        get async throws {
            struct View: Decodable { var held: Int }
            let view: View = try await http.get("/sim/faults")
            return view.held
        }
    }

    func faults(_ json: String) async throws {
        let answer = try await http.send("POST", "/sim/faults", json, type: "application/json")
        guard answer.status == 200 else { throw UnexpectedAnswer(text: answer.body) }
    }
}

struct UnexpectedAnswer: Error { var text: String }

struct LedgerView: Decodable {
    struct Intent: Decodable {
        var id: String
        var orderId: String?
        var paymentId: String?
        var amount: Int64
        var captured: Int64
        var refunded: Int64
        var status: String
    }
    var captured: [String: Int64]
    var refunded: [String: Int64]
    var ordersChargedTwice: [String]
    var intents: [Intent]
}
