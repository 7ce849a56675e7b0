import FoundationEssentials
import Logging
import ServiceLifecycle
import Stripe
import Testing

@testable import StripeSimulator

@Suite("The simulator's life")
struct LifecycleTests {
    private func simulator(_ configure: (inout StripeSimulator.Configuration) -> Void) -> StripeSimulator {
        var configuration = StripeSimulator.Configuration(port: 0, apiKey: "sk_test", webhookSecret: "whsec")
        configure(&configuration)
        return StripeSimulator(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test("a port that is taken gives one clear line, to whoever runs it and to whoever waits for it")
    func portTaken() async throws {
        try await SimulatorHarness.run { harness in
            let port = try #require(Int(harness.url.split(separator: ":")[2]))
            let second = simulator { $0.port = port }
            let waiting = Task { try await second.port() }
            let error = await failure(StripeSimulatorError.self) { try await second.run() }
            #expect(error?.description.hasPrefix("the Stripe simulator cannot listen on 127.0.0.1:\(port): ") == true)
            let waited = await failure(StripeSimulatorError.self) { _ = try await waiting.value }
            #expect(waited?.description == error?.description)
            let again = await failure(StripeSimulatorError.self) { try await second.run() }
            #expect(again?.description == "a Stripe simulator runs only once")
        }
    }

    @Test("a configuration that makes no sense is refused", arguments: [0, 1, 2, 3])
    func configuration(_ which: Int) async {
        let simulator = simulator { configuration in
            switch which {
            case 0: configuration.apiKey = ""
            case 1: configuration.webhookSecret = ""
            case 2: configuration.port = 65_536
            default: configuration.webhookURL = "localhost:80"
            }
        }
        let error = await failure(StripeSimulatorError.self) { try await simulator.run() }
        #expect(error?.description.hasPrefix("the Stripe simulator's configuration is wrong: ") == true)
    }

    @Test("a graceful shutdown lets held answers go first")
    func shutdown() async throws {
        let simulator = simulator { _ in }
        let group = ServiceGroup(services: [simulator], logger: simulator.logger)
        let running = Task { try await group.run() }
        let url = try await simulator.url()
        var http = RawHTTP(url: url)
        http.url = url
        _ = try await http.send("POST", "/sim/faults", #"{"hold":{"count":1}}"#, type: "application/json")
        let held = Task { [http] in
            try await http.send("POST", "/v1/payment_intents", "amount=500&currency=eur", key: "sk_test").status
        }
        #expect(try await eventually { try await http.send("GET", "/sim/faults").body.contains(#""held":1"#) })
        await group.triggerGracefulShutdown()
        #expect(try await held.value == 200)
        try await running.value
        let ended = await failure(StripeSimulatorError.self) { _ = try await simulator.port() }
        #expect(ended?.description == "the Stripe simulator has ended")
    }

    @Test("a cancelled simulator ends")
    func cancellation() async throws {
        let simulator = simulator { _ in }
        let running = Task { try await simulator.run() }
        _ = try await simulator.port()
        running.cancel()
        _ = await running.result
    }
}
