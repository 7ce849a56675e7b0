import ArgumentParser
import Contracts
import Glibc
import Ingress
import Logging
import NATS
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Runs one ingress until SIGTERM, then drains it.
struct IngressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingress", abstract: "Run the HTTP ingress; its surroundings come from the environment.",
        discussion: """
            \(Surroundings.brokerHelp)
            FLOTILLA_SUBJECTS                          the folder of the contracts (default: subjects)
            FLOTILLA_HTTP_HOST, FLOTILLA_HTTP_PORT     what to listen on (default: 127.0.0.1, 8080)
            FLOTILLA_PROXIES                           proxies of yours in front, which append to X-Forwarded-For (default: 0)
            FLOTILLA_TRUSTED_SERVICES                  services that may say who calls them, and on what subjects (a,b)
            LOG_LEVEL, LOG_FORMAT                      info; json, or text on a terminal
            """)

    func run() async throws {
        let surroundings = Surroundings()
        try surroundings.startLogging()
        let instance = surroundings.optional("FLOTILLA_INSTANCE") ?? "ingress"
        let logger = Logger(label: instance)
        let contracts = try ContractSet.load(directory: surroundings.optional("FLOTILLA_SUBJECTS") ?? "subjects")
        let nats = try await NATSConnection.connect(try surroundings.broker(name: instance), logger: logger)
        var configuration = IngressConfiguration()
        configuration.host = surroundings.optional("FLOTILLA_HTTP_HOST") ?? configuration.host
        configuration.port = try surroundings.integer(
            "FLOTILLA_HTTP_PORT", default: configuration.port, in: 0...65_535)
        configuration.proxies = try surroundings.integer("FLOTILLA_PROXIES", default: 0, in: 0...16)
        configuration.trustedServices = Self.names(surroundings.optional("FLOTILLA_TRUSTED_SERVICES") ?? "")
        let server = try IngressServer(
            configuration: configuration, contracts: contracts, nats: nats, logger: logger)
        let group = ServiceGroup(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        do { try await group.run() } catch {
            await nats.close()
            throw Self.explained(error, configuration)
        }
        await nats.close()
    }

    private static func names(_ list: String) -> Set<String> {
        Set(list.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init))
    }

    /// NIO names system calls; an operator wants to know which port or host it is.
    private static func explained(_ error: any Error, _ configuration: IngressConfiguration) -> any Error {
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE:
            CommandFailure(.unavailable, "port \(configuration.port) for HTTP is taken")
        case let error as IOError:
            CommandFailure(
                .unavailable,
                "cannot listen on \(configuration.host):\(configuration.port): \(String(cString: strerror(error.errnoCode)))"
            )
        case is SocketAddressError.UnknownHost, is SocketAddressError:
            CommandFailure(.unavailable, "cannot listen on \(configuration.host): there is no such host")
        default: error
        }
    }
}
