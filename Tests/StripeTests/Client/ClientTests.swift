import Logging
import Stripe
import StripeSimulator
import Testing

@Suite("The client")
struct ClientTests {
    private func client(_ url: String, configure: (inout StripeClient.Configuration) -> Void = { _ in }) -> StripeClient
    {
        var configuration = StripeClient.Configuration(baseURL: url, apiKey: "sk_test")
        configuration.retries.firstDelay = .milliseconds(5)
        configuration.retries.longestDelay = .milliseconds(10)
        configure(&configuration)
        return StripeClient(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func error(of client: StripeClient, deadline: Duration = .seconds(10)) async -> StripeError? {
        await failure(StripeError.self) {
            _ = try await client.createPaymentIntent(
                .init(amount: 500, currency: "eur", paymentMethod: "pm_card_visa"), idempotencyKey: "k",
                deadline: .now + deadline)
        }
    }

    @Test("tells a server that is not there from one that may have acted")
    func refusedConnection() async {
        // Nobody listens on the discard port.
        let client = client("http://127.0.0.1:9")
        let error = await error(of: client)
        #expect(error?.kind == .connection && error?.isRetriable == true && error?.outcomeUnknown == false)
        await client.shutdown()
    }

    @Test("sends nothing once the deadline has passed")
    func lateDeadline() async throws {
        try await SimulatorHarness.run { harness async throws in
            let error = await failure(StripeError.self) {
                _ = try await harness.client.createPaymentIntent(
                    .init(amount: 500, currency: "eur", paymentMethod: "pm_card_visa"), idempotencyKey: "k",
                    deadline: .now - .seconds(1))
            }
            #expect(error?.kind == .timeout && error?.outcomeUnknown == false)
            #expect(try await harness.ledger().intents.isEmpty)
        }
    }

    @Test("refuses a base URL that is none, and an API key that would break its header")
    func configuration() async {
        for url in ["", "nonsense", "http://", "unix:///x"] {
            let client = client(url)
            let error = await error(of: client)
            #expect(error?.kind == .invalidRequest(param: nil) && error?.outcomeUnknown == false, "\(url)")
            await client.shutdown()
        }
        let client = client("http://127.0.0.1:9") { $0.apiKey = "sk_test\r\nx: y" }
        let error = await error(of: client)
        #expect(error?.outcomeUnknown == false && error?.description.contains("sk_test") == false)
        await client.shutdown()
    }

    @Test("stops when its task is cancelled, and says that the outcome is open")
    func cancellation() async throws {
        try await SimulatorHarness.run { harness in
            try await harness.faults(#"{"hold":{"count":1}}"#)
            let call = Task {
                await failure(StripeError.self) { _ = try await harness.pay("pm_card_visa") }
            }
            #expect(
                try await eventually { try await harness.held == 1 })
            call.cancel()
            let error = await call.value
            #expect(error?.kind == .cancelled && error?.outcomeUnknown == true && error?.isRetriable == false)
        }
    }

    @Test("refuses calls after its shutdown, which may be repeated")
    func shutdown() async {
        let client = client("http://127.0.0.1:9")
        await client.shutdown()
        await client.shutdown()
        #expect(await error(of: client)?.kind == .cancelled)
    }

    @Test("runs many calls at once over few connections")
    func parallel() async throws {
        try await SimulatorHarness.run(client: { $0.maxConnections = 4 }) { harness in
            let paid = try await withThrowingTaskGroup(of: PaymentIntent.Status.self) { group in
                for index in 0..<100 {
                    group.addTask { try await harness.pay("pm_card_visa", order: "order-\(index)").status }
                }
                return try await group.reduce(into: 0) { $0 += $1 == .succeeded ? 1 : 0 }
            }
            #expect(paid == 100)
            let ledger = try await harness.ledger()
            #expect(ledger.captured == ["eur": 199_900] && ledger.ordersChargedTwice == [])
        }
    }
}
