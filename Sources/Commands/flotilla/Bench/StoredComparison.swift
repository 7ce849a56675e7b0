import Foundation
import LocalFleet
import NATS
import Reactor

/// The same requests, in turns, to a fleet without orders and to one that has many: what each costs, and the ratio.
@Reactor
struct StoredComparison {
    let empty: (fleet: BenchedFleet, shop: BenchShop)
    let stored: (fleet: BenchedFleet, shop: BenchShop)
    let count: Int
    let rounds: Int
    let console: Console

    private static let warmUp = Duration.seconds(15)

    func run(lanes: Int, for duration: Duration) async throws -> String {
        var table = TextTable(
            ["REQUEST", "ORDERS STORED", "PER SECOND", "P50 ms", "P99 ms", "WORKERS us", "POSTGRES us", "ALL us"])
        for workload in [Workload.create, .read] {
            var taken: [[Measurement]] = [[], []]
            // Not counted: the first write to each page after a checkpoint costs more, and a filled fleet has many.
            console.write("bench", "\(workload.rawValue), \(lanes) at a time, warming up")
            for side in [empty, stored] {
                _ = await workload.loop(side.fleet, side.shop).run(lanes: lanes, for: max(duration, Self.warmUp))
            }
            for round in 1...rounds {
                console.write("bench", "\(workload.rawValue), \(lanes) at a time, round \(round) of \(rounds)")
                for (index, side) in [empty, stored].enumerated() {
                    _ = await workload.loop(side.fleet, side.shop).run(lanes: lanes, for: .seconds(1))
                    let loop = workload.loop(side.fleet, side.shop)
                    let measurement = try await Measurement.take(side.fleet, loop, lanes: lanes, for: duration)
                    try workload.check(measurement.result)
                    taken[index].append(measurement)
                }
            }
            let columns: [(Int, (Measurement) -> Double)] = [
                (0, { $0.result.requestsPerSecond }), (2, { $0.result.percentile(0.5) }),
                (2, { $0.result.percentile(0.99) }), (1, { $0.workers_us }), (1, { $0.postgres_us }),
                (1, { $0.workers_us + $0.postgres_us }),
            ]
            let medians = taken.map { side in columns.map { median(side.map($0.1)) } }
            for (orders, values) in zip([0, count], medians) {
                table.add([workload.rawValue, "\(orders)"] + zip(values, columns).map { $0.text(digits: $1.0) })
            }
            table.add(
                [workload.rawValue, "ratio"] + zip(medians[0], medians[1]).map { ($1 / max($0, 0.001)).text(digits: 2) }
            )
        }
        return table.text
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
