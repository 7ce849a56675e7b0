import Postgres
import Reactor

/// Waits until the worker's schema has been migrated: in a fleet that starts all at once that may take a moment.
@Reactor
struct SchemaCheck {
    let database: PostgresPool
    let worker: String
    let limit: Duration

    private static let isThere: Statement = "SELECT to_regclass('events') IS NOT NULL"

    func run() async throws {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let rows = try await database.query(Query(Self.isThere), deadline: deadline)
            if let row = rows.first, try row.bool(0) { return }
            try await Reactor.sleep(for: .milliseconds(100))
        }
        throw WorkerError("the schema \(worker) has not been migrated; run: flotilla migrate")
    }
}
