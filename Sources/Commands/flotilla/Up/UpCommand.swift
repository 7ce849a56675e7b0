import ArgumentParser
import Contracts
import FoundationEssentials
import Glibc
import LocalFleet
import LocalServers

/// `flotilla up`: the whole fleet on this machine, until Ctrl-C.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the whole fleet on this machine: servers, workers, Stripe simulator, ingress.")

    static let workers = ["users", "orders", "inventory", "payments", "notifications"]

    @Option(help: "Folder of the fleet's data, secrets and fleet.json.")
    var dir = ".flotilla"

    @Option(help: "Port of the HTTP ingress (8080, or a free one when that is taken).")
    var port: Int?

    @Option(help: "Port of nats-server (4222, or a free one when that is taken).")
    var natsPort: Int?

    @Option(help: "Port of Postgres (a free one).")
    var postgresPort: Int?

    @Option(help: "Instances of workers, such as orders=3,inventory=2.")
    var scale = ""

    @Flag(
        name: .customLong("secure-broker"),
        help: "Let only the users of the contracts' permissions in to NATS, each process as its own.")
    var isBrokerSecure = false

    @OptionGroup var services: ServiceOptions

    @Flag(help: "Delete the fleet's data first.")
    var fresh = false

    @Flag(name: .customLong("no-seed"), help: "Leave the catalogue as it is.")
    var isUnseeded = false

    func validate() throws {
        for (name, port) in [("--port", port), ("--nats-port", natsPort), ("--postgres-port", postgresPort)] {
            if let port, !(1...65_535).contains(port) { throw ValidationError("\(name) \(port) is not a port") }
        }
        guard isBrokerSecure || services.services.isEmpty else {
            throw ValidationError("--service goes with --secure-broker: without it everybody may do everything")
        }
    }

    func run() async throws {
        let scale = try Scale(scale, workers: Self.workers)
        var options = FleetOptions(
            directory: dir, home: try Home.find(), executable: ForegroundFleet.executable, scale: scale)
        options.httpPort = port
        options.natsPort = natsPort
        options.postgresPort = postgresPort
        options.isFresh = fresh
        options.environment = ProcessInfo.processInfo.environment
        if isBrokerSecure {
            let contracts = try ContractSet.load(directory: "\(options.home)/subjects")
            options.brokerUsers = BrokerUsers(try services.permissions(contracts))
        }
        let width = (scale.names.map(\.name.count).max() ?? 0)
        let console = Console(width: max(width, 8))
        let foreground = ForegroundFleet(options, console: console)
        try await foreground.run(isSeeded: !isUnseeded) { ready, signals in
            console.write(ReadyBlock(ready).text(bold: console.bold))
            await signals.first()
        }
        console.write("up", "everything has ended; the data stays")
    }
}
