import FoundationEssentials
import LocalServers
import Logging
import Postgres
import Reactor

@testable import Migrations

/// A folder of migrations and a database of its own. Roles are named after the folder's workers, and those are unique:
/// roles belong to the cluster, which the tests share.
struct Fixture: Sendable {
    let directory: String
    let url: String
    let orders: String
    let stock: String

    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    static let runtime = "CREATE TABLE events (id int PRIMARY KEY);"

    init() async throws {
        directory = try TestServers.directory()
        url = try await TestServers.database()
        let unique = UUID().uuidString.prefix(8).lowercased()
        orders = "orders_\(unique)"
        stock = "stock_\(unique)"
        try write("runtime/0001_messaging.sql", Self.runtime)
        try write(
            "\(orders)/0001_orders.sql", "CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1);")
        try write("\(stock)/0001_stock.sql", "CREATE TABLE stock (id int PRIMARY KEY);")
    }

    func write(_ path: String, _ text: String) throws {
        let full = directory + "/" + path
        let parent = full.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/" + parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: full))
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: directory + "/" + path)
    }

    func runner(passwords: [String: String] = [:]) -> MigrationRunner {
        MigrationRunner(directory: directory, adminURL: url, passwords: passwords, logger: Self.logger)
    }

    /// Runs the migrations and returns the error they end with.
    func failure() async -> MigrationError? {
        do {
            try await runner().run()
            return nil
        } catch {
            return error as? MigrationError
        }
    }

    /// A session of the administrator, or of a login role.
    @Reactor
    func session(as role: String? = nil, password: String? = nil) async throws -> PostgresSession {
        var url = url
        if let role {
            let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
            let end = url.firstIndex(of: "@") ?? url.startIndex
            url.replaceSubrange(start..<end, with: password.map { "\(role):\($0)" } ?? role)
        }
        var configuration = PostgresConfiguration(url: url)
        configuration.connectTimeout = .seconds(30)
        configuration.statementTimeout = nil
        configuration.lockTimeout = nil
        configuration.idleInTransactionTimeout = nil
        configuration.clientCheckInterval = nil
        return try await PostgresSession.connect(configuration, logger: Self.logger)
    }

    /// The first column of the first row.
    @Reactor
    func value(_ sql: String) async throws -> Int64 {
        let session = try await session()
        defer { session.close() }
        return try await session.query(sql)[0].int(0)
    }

    /// The error of a statement that a login role runs, nil when it may.
    @Reactor
    func refusal(as role: String, password: String, _ sql: String) async throws -> PostgresError? {
        let session = try await session(as: role, password: password)
        defer { session.close() }
        do throws(PostgresError) {
            try await session.script(sql)
            return nil
        } catch {
            return error
        }
    }
}
