import Contracts
import FoundationEssentials
import Logging
import NATS
import Reactor
import Streams

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

    /// Makes and changes the streams and consumers of the contracts in `subjects`; returns a line for each that was not as
    /// they say.
    func applyStreams(_ url: String, subjects: String) async throws -> [String] {
        let plan = StreamPlan(try ContractSet.load(directory: subjects))
        // One of its own: it is done again long after the other one was closed.
        let connection = try await Self.open(url)
        do {
            let applied = try await plan.apply(to: JetStream(connection))
            await connection.close()
            return applied.filter(\.isNews).map(\.description)
        } catch {
            await connection.close()
            throw error
        }
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
        let fresh = try await Self.open(url)
        connection = fresh
        return fresh
    }

    private static func open(_ url: String) async throws -> NATSConnection {
        var configuration = NATSConfiguration(url: url, name: "flotilla up")
        configuration.connectTimeout = .seconds(5)
        return try await NATSConnection.connect(
            configuration, logger: Logger(label: "up", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}
