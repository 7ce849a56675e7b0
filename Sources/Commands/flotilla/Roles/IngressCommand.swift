import ArgumentParser
import Contracts
import Ingress
import Logging
import NATS
import ServiceLifecycle
import UnixSignals

/// Runs one ingress until SIGTERM, then drains it.
struct IngressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingress", abstract: "Run the HTTP ingress; its surroundings come from the environment.",
        discussion: """
            FLOTILLA_NATS_URL                          where the broker is
            FLOTILLA_SUBJECTS                          the folder of the contracts (default: subjects)
            FLOTILLA_HTTP_HOST, FLOTILLA_HTTP_PORT     what to listen on (default: 127.0.0.1, 8080)
            LOG_LEVEL, LOG_FORMAT                      info; json, or text on a terminal
            """)

    func run() async throws {
        let surroundings = Surroundings()
        try surroundings.startLogging()
        let instance = surroundings.optional("FLOTILLA_INSTANCE") ?? "ingress"
        let logger = Logger(label: instance)
        let contracts = try ContractSet.load(directory: surroundings.optional("FLOTILLA_SUBJECTS") ?? "subjects")
        let url = try surroundings.required("FLOTILLA_NATS_URL", example: "nats://127.0.0.1:4222")
        let nats = try await NATSConnection.connect(NATSConfiguration(url: url, name: instance), logger: logger)
        var configuration = IngressConfiguration()
        configuration.host = surroundings.optional("FLOTILLA_HTTP_HOST") ?? configuration.host
        configuration.port = try surroundings.integer(
            "FLOTILLA_HTTP_PORT", default: configuration.port, in: 0...65_535)
        let server = try IngressServer(
            configuration: configuration, contracts: contracts, nats: nats, logger: logger)
        let group = ServiceGroup(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
        await nats.close()
    }
}
