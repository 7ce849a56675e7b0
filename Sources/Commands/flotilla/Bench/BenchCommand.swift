import ArgumentParser
import Foundation
import Glibc
import LocalFleet
import LocalServers
import Logging
import NATS

/// `flotilla bench`: what a request costs the workers, on a fleet of its own.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure what workers cost: idle, at their start, and for each request.",
        discussion: """
            Starts a fleet of its own with production settings, asks it over NATS, and deletes it. CPU is what the kernel \
            counted for the worker's process, in microseconds for each answered request.
            """)

    @Option(help: "Folder of the fleet that is measured; its data is deleted.")
    var dir = ".flotilla-bench"

    @Option(help: "Seconds for each workload.")
    var seconds = 5

    @Option(help: "Requests on their way at the same time.")
    var concurrency = 32

    func validate() throws {
        guard (1...3_600).contains(seconds) else { throw ValidationError("--seconds: expected 1 to 3600") }
        guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency: expected 1 to 256") }
    }

    func run() async throws {
        var options = FleetOptions(
            directory: dir, home: try Home.find(), executable: ForegroundFleet.executable,
            scale: try Scale("", workers: UpCommand.workers))
        options.isFresh = true
        options.environment = ProcessInfo.processInfo.environment
        options.environment["LOG_LEVEL"] = options.environment["LOG_LEVEL"] ?? "warning"
        let console = Console(width: 13, descriptor: STDERR_FILENO)
        let foreground = ForegroundFleet(options, console: console)
        let (seconds, concurrency, dir) = (self.seconds, self.concurrency, self.dir)
        try await foreground.run(isSeeded: false) { ready, _ in
            let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
            let nats = try await NATSConnection.connect(
                NATSConfiguration(url: ready.file.nats, name: "flotilla-bench"), logger: logger)
            let bench = WorkerBench(directory: dir, nats: nats, console: console)
            print(try await bench.idle(for: .seconds(seconds)))
            print("")
            print(try await bench.requests(lanes: concurrency, for: .seconds(seconds)))
            await nats.close()
        }
    }
}
