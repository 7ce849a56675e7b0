import Foundation
import LocalServers
import Logging
import Migrations
import Testing

@Suite("Upgrading inventory")
struct UpgradeTests {
    @Test("stock from before the ledger is its opening entry, low stock from before is no news, and old calls go on")
    func opening() async throws {
        let url = try await TestServers.database()
        let database = try #require(url.split(separator: "/").last.map(String.init))
        let source = try "\(Home.find())/migrations"
        let folder = try TestServers.directory()
        func migrate(through last: Int) async throws {
            for (part, files) in [("runtime", 99), ("inventory", last)] {
                let place = "\(folder)/\(part)"
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                for file in try FileManager.default.contentsOfDirectory(atPath: "\(source)/\(part)")
                where Int(file.prefix(4)) ?? 0 <= files && !FileManager.default.fileExists(atPath: "\(place)/\(file)") {
                    try FileManager.default.copyItem(atPath: "\(source)/\(part)/\(file)", toPath: "\(place)/\(file)")
                }
            }
            _ = try await MigrationRunner(
                directory: folder, adminURL: url, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ).run(only: ["inventory"])
        }
        func sql(_ statement: String) async throws -> [String] {
            // A command's own words (SET) are no rows.
            try await TestServers.postgres().sql("SET search_path = inventory; \(statement)", database: database)
                .filter { $0 != "SET" }
        }
        let reserve = """
            SELECT names, prices FROM reserve('0190cccc-0000-7000-8000-000000000001', NULL,
                ARRAY['\(Stockroom.product(1))']::uuid[], '{2}', '{-1}', 'USD', now())
            """

        try await migrate(through: 2)
        _ = try await sql(
            """
            INSERT INTO products (id, sku, name, price, currency, available, reserved, sold, received)
            VALUES ('\(Stockroom.product(1))', 'A', 'Anchor', 100, 'USD', 6, 2, 3, 11)
            """)
        try await migrate(through: 99)
        #expect(
            try await sql("SELECT kind, available, reserved, sold FROM stock_ledger") == ["opening|6|2|3"])
        #expect(try await sql("SELECT alert FROM products") == ["low"])
        #expect(try await sql(reserve) == ["{Anchor}|{100}"])
        #expect(try await sql("SELECT available, reserved, sold FROM products") == ["4|4|3"])
        #expect(try await sql("SELECT count(*) FROM stock_mismatches()") == ["0"])
        #expect(try await sql("SELECT count(*) FROM stock_alerts") == ["0"])
    }
}
