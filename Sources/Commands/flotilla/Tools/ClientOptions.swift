import ArgumentParser
import Foundation
import LocalFleet
import Logging
import NATS

/// Where the fleet is that a command talks to.
struct ClientOptions: ParsableArguments {
    @Option(
        help: """
            The broker (default: FLOTILLA_NATS_URL, or the fleet that runs from --dir); log in by FLOTILLA_NATS_USER and \
            FLOTILLA_NATS_PASSWORD(_FILE).
            """)
    var nats: String?

    @Option(help: "The folder of a fleet that `up` started.")
    var dir = ".flotilla"

    /// Connects as a client of the fleet.
    /// - Parameter name: shown by the server's monitoring.
    func connect(as name: String) async throws -> NATSConnection {
        let logger = Logger(label: name) { _ in SwiftLogNoOpLogHandler() }
        var configuration = try configuration(name)
        configuration.connectTimeout = .seconds(3)
        return try await NATSConnection.connect(configuration, logger: logger)
    }

    private func configuration(_ name: String) throws -> NATSConfiguration {
        let surroundings = Surroundings()
        if let nats { return try surroundings.broker(at: nats, from: "--nats", name: name) }
        if surroundings.optional("FLOTILLA_NATS_URL") != nil { return try surroundings.broker(name: name) }
        let file = try fleet()
        // Whoever says who he is comes as that one, and else as the operator, whom the file knows.
        let isNamed = surroundings.optional("FLOTILLA_NATS_USER") != nil
        return try surroundings.broker(
            at: isNamed ? file.natsWithoutUser : file.nats, from: "fleet.json", name: name)
    }

    /// What `up` wrote about the fleet in `--dir`.
    func fleet() throws -> FleetFile {
        guard let file = try? FleetFile.load(directory: dir) else {
            throw CommandFailure(
                .unavailable, "no fleet runs from \(dir): start one with ./flotilla up, or name a broker with --nats")
        }
        return file
    }
}
