import Logging
import Postgres
import Reactor

/// Fills the schemas of orders, inventory and payments with orders of the last months, as the workers would have left them:
/// events, projection, search, saga, reservations, ledger, accounts, cursors. SQL makes them, fifty times as fast as customers.
@Reactor
struct StoredOrders {
    let count: Int
    let shop: BenchShop

    private static let chunk = 20_000
    /// How many orders the readers know.
    private static let read = 50_000

    /// - Parameter postgres: the URL of the superuser.
    /// - Returns: some of the orders with their owners.
    func fill(_ postgres: String) async throws -> [(id: String, owner: String)] {
        var configuration = PostgresConfiguration(url: postgres)
        configuration.applicationName = "flotilla-bench"
        configuration.statementTimeout = .seconds(600)
        // VACUUM waits for an autovacuum that is busy with what was just made.
        configuration.lockTimeout = .seconds(600)
        configuration.maxConnections = 2
        let database = PostgresPool(configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        try await database.start()
        do {
            let orders = try await fill(database)
            await database.shutdown()
            return orders
        } catch {
            await database.shutdown()
            throw error
        }
    }

    private func fill(_ database: PostgresPool) async throws -> [(id: String, owner: String)] {
        for statement in Self.preparation { try await run(Query(statement), database) }
        try await run(Query(Self.customers, .text(list(shop.customers))), database)
        try await run(
            Query(
                Self.products, .text(list(shop.products.map(\.id))), .text(list(shop.products.map(\.name))),
                .text(list(shop.products.map { String($0.price.minor) }))), database)
        let bar = ProgressBar(total: count, of: "orders")
        // Two halves side by side: what one waits for the disk, the other uses.
        let chunks = stride(from: 1, through: count, by: Self.chunk).map { ($0, min(count, $0 + Self.chunk - 1)) }
        var done = 0
        for pair in stride(from: 0, to: chunks.count, by: 2) {
            async let first: Void = make(chunks[pair], database)
            if pair + 1 < chunks.count { try await make(chunks[pair + 1], database) }
            try await first
            done = chunks[min(pair + 1, chunks.count - 1)].1
            bar.show(done)
        }
        bar.end(done)
        for statement in Self.conclusion { try await run(Query(statement), database) }
        let rows = try await database.query(Query(Self.sample, .int(Int64(Self.read))), deadline: .now + .seconds(600))
        return try rows.map { (try $0.text(0), try $0.text(1)) }
    }

    private func make(_ numbers: (first: Int, last: Int), _ database: PostgresPool) async throws {
        try await run(
            Query(Self.orders, .int(Int64(numbers.first)), .int(Int64(numbers.last)), .int(Int64(count))), database)
    }

    private func run(_ query: Query, _ database: PostgresPool) async throws {
        _ = try await database.query(query, deadline: .now + .seconds(600))
    }

    private func list(_ texts: [String]) -> String { "{" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "}" }
}
