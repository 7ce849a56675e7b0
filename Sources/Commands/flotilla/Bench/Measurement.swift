import NATS
import Reactor

/// What one run of a workload came to.
struct Measurement: Sendable {
    let result: ClosedLoop.Result
    /// CPU in microseconds for each answered request, by worker; Postgres under its own name.
    let costs_us: [String: Double]

    var workers_us: Double { costs_us.filter { $0.key != "postgres" }.values.reduce(0, +) }
    var postgres_us: Double { costs_us["postgres", default: 0] }

    /// Runs a workload that is warm, and what it causes.
    @Reactor
    static func take(_ fleet: BenchedFleet, _ loop: ClosedLoop, lanes: Int, for duration: Duration) async throws -> Self
    {
        let before = try fleet.usage_us()
        let result = await loop.run(lanes: lanes, for: duration)
        // What a request causes after its answer belongs to it as well: events are published and consumed.
        try await Reactor.sleep(for: .seconds(1))
        let after = try fleet.usage_us()
        let answered = Double(max(1, result.latencies_us.count))
        let costs = after.map { name, cpu_us in (name, Double(cpu_us - before[name, default: 0]) / answered) }
        return Self(result: result, costs_us: Dictionary(uniqueKeysWithValues: costs))
    }
}
