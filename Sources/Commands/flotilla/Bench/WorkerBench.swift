import Glibc
import JSON
import LocalFleet
import NATS
import Reactor

/// The measurements of `flotilla bench` on a fleet that is ready and has nothing else to do.
@Reactor
final class WorkerBench {
    private let fleet: BenchedFleet
    private let shop: BenchShop
    private let console: Console

    nonisolated init(_ fleet: BenchedFleet, _ shop: BenchShop, console: Console) {
        self.fleet = fleet
        self.shop = shop
        self.console = console
    }

    // MARK: - Idle

    /// Memory, CPU without requests, and the time to start of each worker, as a table.
    func idle(for duration: Duration) async throws -> String {
        say("idle for \(duration.components.seconds) s")
        let before = try fleet.workers().compactMap { ProcessUsage(pid: $0.pid) }.map(\.cpu_us)
        try await Reactor.sleep(for: duration)
        var table = TextTable(["WORKER", "RESIDENT MB", "OF ITS OWN MB", "IDLE CPU %", "START ms"])
        for (worker, cpu_us) in zip(try fleet.workers(), before) {
            guard let usage = ProcessUsage(pid: worker.pid) else { continue }
            let share = Double(usage.cpu_us - cpu_us) / (duration.inMilliseconds * 10)
            let start_ms = try await restart(worker)
            table.add([
                worker.name, Self.megabytes(usage.resident_KiB), Self.megabytes(usage.anonymous_KiB),
                share.text(digits: 2), start_ms.text(digits: 0),
            ])
        }
        return table.text
    }

    /// Ends one worker in good order and waits for the next: milliseconds from its first instruction until it serves.
    private func restart(_ worker: BenchedFleet.Worker) async throws -> Double {
        say("restarting \(worker.name)")
        kill(worker.pid, SIGTERM)
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let replies = try await fleet.nats.requestMany(
                "$SRV.STATS.\(worker.name)", for: .milliseconds(500), quiet: .milliseconds(100), limit: 1)
            if let service = replies.compactMap({ ServiceStatistics($0.body) }).first, let pid = Int32(service.pid),
                pid != worker.pid, let usage = ProcessUsage(pid: pid), let began = Timestamp(text: service.started)
            {
                return Double(began.milliseconds) - usage.began * 1_000
            }
            try await Reactor.sleep(for: .milliseconds(20))
        }
        throw CommandFailure(.unavailable, "\(worker.name) did not come back within 30 s")
    }

    // MARK: - Requests

    /// Requests per second, latency, and CPU of workers and Postgres for each request, as a table.
    func requests(lanes: Int, for duration: Duration) async throws -> String {
        var table = TextTable(["REQUEST", "PER SECOND", "P50 ms", "P99 ms", "CPU us FOR EACH REQUEST"])
        for workload in Workload.allCases {
            say("\(workload.rawValue), \(lanes) at a time, for \(duration.components.seconds) s")
            _ = await workload.loop(fleet, shop).run(lanes: lanes, for: .seconds(1))
            let taken = try await Measurement.take(fleet, workload.loop(fleet, shop), lanes: lanes, for: duration)
            try workload.check(taken.result)
            let costs = taken.costs_us.filter { $0.value >= 0.5 }.sorted { $0.value > $1.value }
            table.add([
                workload.rawValue, taken.result.requestsPerSecond.text(digits: 0),
                taken.result.percentile(0.5).text(digits: 2), taken.result.percentile(0.99).text(digits: 2),
                costs.map { "\($0.key) \($0.value.text(digits: 1))" }.joined(separator: ", "),
            ])
        }
        return table.text
    }

    private nonisolated func say(_ what: String) { console.write("bench", what) }

    private static func megabytes(_ KiB: Int) -> String { (Double(KiB) / 1_024).text(digits: 1) }
}
