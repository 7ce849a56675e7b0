import FoundationEssentials
import Logging
import NATS
import Reactor

/// The connection to NATS by which `up` looks whether the fleet is ready and fills the catalogue.
@Reactor
final class FleetBus {
    private var connection: NATSConnection?

    nonisolated init() {}

    /// How many instances of each worker answer a ping of the service protocol.
    func instances(_ url: String, wanted: [String: Int]) async throws -> [String: Int] {
        let connection = try await connect(url)
        let pings = wanted.map { worker, count in
            let ping = Task {
                try await connection.requestMany(
                    "$SRV.PING.\(worker)", for: .milliseconds(300), quiet: .milliseconds(50), limit: count
                ).count
            }
            return (worker, ping)
        }
        var found: [String: Int] = [:]
        for (worker, ping) in pings { found[worker] = try await ping.value }
        return found
    }

    /// Brings the catalogue in; products that are there already stay as they are.
    func seed(_ url: String) async throws -> String {
        let reply = try await connect(url).request(
            "inventory.products.import", body: Array(Catalogue.json.utf8), timeout: .seconds(10))
        if let error = reply.header("Nats-Service-Error") {
            throw CommandFailure(
                .internal, "the catalogue was refused: \(error) \(String(decoding: reply.body, as: UTF8.self))")
        }
        return "\(Catalogue.products.count) products are in the catalogue"
    }

    func close() async {
        await connection?.close()
        connection = nil
    }

    private func connect(_ url: String) async throws -> NATSConnection {
        if let connection { return connection }
        var configuration = NATSConfiguration(url: url, name: "flotilla up")
        configuration.connectTimeout = .seconds(5)
        let fresh = try await NATSConnection.connect(
            configuration, logger: Logger(label: "up", factory: { _ in SwiftLogNoOpLogHandler() }))
        connection = fresh
        return fresh
    }
}
