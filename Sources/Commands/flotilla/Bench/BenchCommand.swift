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
            Starts a fleet of its own with production settings, asks it over NATS, and deletes it; or takes a running one. CPU is what the kernel \
            counted for the worker's process, in microseconds for each answered request; that of Postgres includes all \
            its processes. With --stored a second fleet that already has so many orders is asked in turns with an empty \
            one, and what both cost is compared.
            """)

    @Option(help: "Folder of the fleet that is measured; its data is deleted.")
    var dir = ".flotilla-bench"

    @Flag(
        name: .customLong("running"),
        help: "Measure the requests on the fleet that runs in --dir, which gets the products and orders of it.")
    var isRunning = false

    @Option(help: "Seconds for each workload.")
    var seconds = 5

    @Option(help: "Requests on their way at the same time.")
    var concurrency = 32

    @Option(help: "Compare with a fleet that has so many orders (several GB and some minutes for each million).")
    var stored = 0

    @Option(help: "Rounds of that comparison; medians count.")
    var rounds = 5

    func validate() throws {
        guard (1...3_600).contains(seconds) else { throw ValidationError("--seconds: expected 1 to 3600") }
        guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency: expected 1 to 256") }
        guard (0...10_000_000).contains(stored) else { throw ValidationError("--stored: expected 0 to 10000000") }
        guard !isRunning || stored == 0 else {
            throw ValidationError("--stored goes with fleets of its own, not --running")
        }
        guard (1...100).contains(rounds) else { throw ValidationError("--rounds: expected 1 to 100") }
    }

    func run() async throws {
        let console = Console(width: 13, descriptor: STDERR_FILENO)
        let (lanes, duration) = (concurrency, Duration.seconds(seconds))
        if isRunning {
            let file = try FleetFile.load(directory: dir)
            return try await withShop(of: dir, file.nats) { fleet, shop in
                print(try await WorkerBench(fleet, shop, console: console).requests(lanes: lanes, for: duration))
            }
        }
        guard stored > 0 else {
            return try await withFleet(dir, console) { fleet, shop in
                let bench = WorkerBench(fleet, shop, console: console)
                print(try await bench.idle(for: duration))
                print("")
                print(try await bench.requests(lanes: lanes, for: duration))
            }
        }
        let (dir, stored, rounds) = (self.dir, self.stored, self.rounds)
        try await withFleet(dir, console) { empty, emptyShop in
            try await withFleet(dir + "-stored", console) { full, fullShop in
                await fullShop.read(try await StoredOrders(count: stored, shop: fullShop).fill(full.postgres))
                let comparison = StoredComparison(
                    empty: (empty, emptyShop), stored: (full, fullShop), count: stored, rounds: rounds, console: console
                )
                print(try await comparison.run(lanes: lanes, for: duration))
            }
        }
    }

    private func withFleet(
        _ directory: String, _ console: Console,
        _ body: @escaping @Sendable (BenchedFleet, BenchShop) async throws -> Void
    ) async throws {
        var options = FleetOptions(
            directory: directory, home: try Home.find(), executable: ForegroundFleet.executable,
            scale: try Scale("", workers: UpCommand.workers))
        options.isFresh = true
        options.isKept = false
        options.environment = ProcessInfo.processInfo.environment
        options.environment["LOG_LEVEL"] = options.environment["LOG_LEVEL"] ?? "warning"
        try await ForegroundFleet(options, console: console).run(isSeeded: false) { ready, _ in
            try await withShop(of: directory, ready.file.nats, body)
        }
    }

    private func withShop(
        of directory: String, _ url: String, _ body: @Sendable (BenchedFleet, BenchShop) async throws -> Void
    ) async throws {
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let nats = try await NATSConnection.connect(NATSConfiguration(url: url, name: "flotilla-bench"), logger: logger)
        let shop = BenchShop(nats: nats)
        try await shop.open()
        try await body(BenchedFleet(directory: directory, nats: nats), shop)
        await nats.close()
    }
}
