import ArgumentParser
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

    @Flag(help: "Delete the fleet's data first.")
    var fresh = false

    @Flag(name: .customLong("no-seed"), help: "Leave the catalogue as it is.")
    var isUnseeded = false

    func validate() throws {
        for (name, port) in [("--port", port), ("--nats-port", natsPort), ("--postgres-port", postgresPort)] {
            if let port, !(1...65_535).contains(port) { throw ValidationError("\(name) \(port) is not a port") }
        }
    }

    func run() async throws {
        let scale = try Scale(scale, workers: Self.workers)
        var options = FleetOptions(
            directory: dir, home: try Home.find(), executable: Self.executable(), scale: scale)
        options.httpPort = port
        options.natsPort = natsPort
        options.postgresPort = postgresPort
        options.isFresh = fresh
        options.environment = ProcessInfo.processInfo.environment
        let width = (scale.names.map(\.name.count).max() ?? 0)
        let console = Console(width: max(width, 8))
        let bus = FleetBus()
        let fleet = Fleet(options, hooks: .real(bus), console: console)
        try await Self.run(fleet, isSeeded: !isUnseeded, console: console, bus: bus)
    }

    /// Runs a fleet until a signal comes.
    private static func run(_ fleet: Fleet, isSeeded: Bool, console: Console, bus: FleetBus) async throws {
        let signals = StopSignals()
        let start = Task { try await fleet.start(isSeeded: isSeeded) }
        // Unstructured: it waits for signals until this process ends.
        let stopper = Task {
            var count = 0
            for await name in signals.names {
                count += 1
                if count == 1 {
                    console.write("up", "\(name): draining; once more ends everything at once")
                    start.cancel()
                } else {
                    console.write("up", "\(name) again: ending everything at once")
                    ChildProcess.killAll()
                    Glibc._exit(130)
                }
            }
        }
        defer { stopper.cancel() }
        do {
            let ready = try await start.value
            await bus.close()
            console.write(ReadyBlock(ready).text(bold: console.bold))
            await signals.first()
        } catch {
            let wasAsked = signals.hasCome
            await bus.close()
            await fleet.stop()
            guard wasAsked else { throw error }
        }
        await fleet.stop()
        console.write("up", "everything has ended; the data stays")
    }

    /// This program as the children shall run it; by way of `/proc` when its file is gone.
    private static func executable() -> String {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return access(path, X_OK) == 0 ? path : "/proc/\(getpid())/exe"
    }
}
