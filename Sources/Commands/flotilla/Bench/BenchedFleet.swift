import Glibc
import JSON
import LocalFleet
import NATS
import Reactor

/// A running fleet that is measured: its processes, and a connection to its broker.
struct BenchedFleet: Sendable {
    struct Worker {
        let name: String
        let pid: Int32
    }

    let directory: String
    let nats: NATSConnection

    var postgres: String {
        get throws { try file().postgres }
    }

    func workers() throws -> [Worker] {
        try file().workers.compactMap { worker in worker.pid.map { Worker(name: worker.name, pid: $0) } }
    }

    /// CPU in microseconds so far, by worker, and of Postgres with all its backends under its own name.
    func usage_us() throws -> [String: Int64] {
        var sums = try workers().reduce(into: [:]) { sums, worker in
            sums[worker.name, default: 0] += ProcessUsage(pid: worker.pid)?.cpu_us ?? 0
        }
        if let postmaster = try file().postgresPid { sums["postgres"] = ProcessUsage.family_us(of: postmaster) }
        return sums
    }

    private func file() throws -> FleetFile { try FleetFile.load(directory: directory) }
}
