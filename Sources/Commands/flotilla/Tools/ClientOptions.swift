import ArgumentParser
import Foundation
import LocalFleet
import Logging
import NATS

/// Where the fleet is that a command talks to.
struct ClientOptions: ParsableArguments {
    @Option(help: "The broker (default: FLOTILLA_NATS_URL, or the fleet that runs from --dir).")
    var nats: String?

    @Option(help: "The folder of a fleet that `up` started.")
    var dir = ".flotilla"

    /// Connects as a client of the fleet.
    /// - Parameter name: shown by the server's monitoring.
    func connect(as name: String) async throws -> NATSConnection {
        let logger = Logger(label: name) { _ in SwiftLogNoOpLogHandler() }
        var configuration = NATSConfiguration(url: try url(), name: name)
        configuration.connectTimeout = .seconds(3)
        return try await NATSConnection.connect(configuration, logger: logger)
    }

    private func url() throws -> String {
        if let nats {
            try Surroundings.checkBroker(nats, named: "--nats")
            return nats
        }
        if Surroundings().optional("FLOTILLA_NATS_URL") != nil { return try Surroundings().broker() }
        return try fleet().nats
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
