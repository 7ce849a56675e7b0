import ArgumentParser
import Logging
import ServiceLifecycle
import StripeSimulator
import UnixSignals

/// Runs the Stripe simulator until SIGTERM.
struct StripeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stripe", abstract: "Run the Stripe simulator.",
        discussion: """
            FLOTILLA_STRIPE_KEY(_FILE)                 the API key that is accepted
            FLOTILLA_STRIPE_WEBHOOK_SECRET(_FILE)      what webhooks are signed with
            FLOTILLA_STRIPE_WEBHOOK_URL                where webhooks go
            FLOTILLA_STRIPE_STATE_FILE                   the file that keeps its ledger between runs
            FLOTILLA_HTTP_PORT                         what to listen on, on loopback (default: 12111)
            """)

    func run() async throws {
        let surroundings = Surroundings()
        try surroundings.startLogging()
        let logger = Logger(label: surroundings.optional("FLOTILLA_INSTANCE") ?? "stripe")
        var configuration = StripeSimulator.Configuration(
            port: try surroundings.integer("FLOTILLA_HTTP_PORT", default: 12_111, in: 0...65_535),
            apiKey: try surroundings.secret("FLOTILLA_STRIPE_KEY"),
            webhookSecret: try surroundings.secret("FLOTILLA_STRIPE_WEBHOOK_SECRET"))
        configuration.webhookURL = try surroundings.webURL("FLOTILLA_STRIPE_WEBHOOK_URL")
        configuration.stateFile = surroundings.optional("FLOTILLA_STRIPE_STATE_FILE")
        let group = ServiceGroup(
            services: [StripeSimulator(configuration: configuration, logger: logger)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}
