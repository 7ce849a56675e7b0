import Logging
import Postgres
import Reactor

/// Looks for what does not add up, until everything does or the time is over: work that is under way is no fault.
struct FleetCheck {
    let postgres: String
    let patience: Duration

    struct Finding: Sendable {
        let invariant: String
        let problems: [String]
    }

    /// - Returns: all invariants with what breaks each, in their order.
    @Reactor
    func run() async throws -> [Finding] {
        var configuration = PostgresConfiguration(url: postgres)
        configuration.applicationName = "flotilla-check"
        configuration.statementTimeout = .seconds(60)
        configuration.maxConnections = 1
        // What inventory's own function names without its schema.
        configuration.settings["search_path"] = "inventory"
        let database = PostgresPool(configuration, logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() })
        try await database.start()
        do {
            var findings: [Finding] = []
            for invariant in FleetInvariant.all { findings.append(try await settled(invariant, database)) }
            await database.shutdown()
            return findings
        } catch {
            await database.shutdown()
            throw error
        }
    }

    private static let mostShown: Int64 = 1_000

    @Reactor
    private func settled(_ invariant: FleetInvariant, _ database: PostgresPool) async throws -> Finding {
        let deadline = ContinuousClock.now + patience
        let query = Query(Statement("SELECT * FROM (\(invariant.sql)) AS found LIMIT $1"), .int(Self.mostShown))
        while true {
            let rows = try await database.query(query, deadline: .now + .seconds(60))
            let problems = try rows.map { try $0.text(0) }
            if problems.isEmpty || ContinuousClock.now >= deadline {
                return Finding(invariant: invariant.name, problems: problems)
            }
            try await Reactor.sleep(for: .milliseconds(500))
        }
    }

    /// - Returns: whether all is well.
    static func show(_ findings: [Finding]) -> Bool {
        for finding in findings {
            print("   \(finding.problems.isEmpty ? "yes" : "NO ")  \(finding.invariant)")
            for problem in finding.problems.prefix(5) { print("          \(problem)") }
            if finding.problems.count > 5 { print("          and \(finding.problems.count - 5) more") }
        }
        return findings.allSatisfy(\.problems.isEmpty)
    }
}
