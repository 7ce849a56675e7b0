import LocalServers
import Reactor

@testable import Postgres

/// A few databases that the tests hand to each other: making one for each test would take longer than the tests.
@Reactor
enum DatabaseShelf {
    private static var free: [String] = []
    private static var made = 0
    private static var waiting: [Signal<String>] = []
    private static let limit = 4

    /// Waits until a database is free. It is empty.
    static func take() async throws -> String {
        if let url = free.popLast() { return url }
        if made < limit {
            made += 1
            do {
                return try await TestServers.database()
            } catch {
                made -= 1
                throw error
            }
        }
        let signal = Signal<String>()
        waiting.append(signal)
        return await signal.wait()
    }

    static func putBack(_ url: String) async throws {
        let session = try await TestDatabase.session(url)
        try await session.script("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        session.close()
        if waiting.isEmpty { free.append(url) } else { waiting.removeFirst().fire(url) }
    }
}
