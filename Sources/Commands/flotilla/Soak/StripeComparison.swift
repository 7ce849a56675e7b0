import JSON
import Logging
import Postgres
import Reactor

/// Holds what payments say was captured and given back against the card company's own books.
struct StripeComparison {
    let shop: Shop
    let postgres: String

    private static let limit = Duration.seconds(60)
    private static let select: Statement = """
        SELECT p.stripe_payment_intent_id, coalesce(b.captured, 0), coalesce(b.refunded, 0)
          FROM payments.payments p LEFT JOIN payments.payment_balances b ON b.payment_id = p.id
         WHERE p.stripe_payment_intent_id IS NOT NULL
        """

    private struct Sums: Equatable {
        var captured: Int64
        var refunded: Int64
    }

    /// Waits for refunds that are under way.
    @Reactor
    func differences() async throws -> [String] {
        var configuration = PostgresConfiguration(url: postgres)
        configuration.applicationName = "flotilla-soak"
        configuration.maxConnections = 1
        let database = PostgresPool(configuration, logger: Logger(label: "soak") { _ in SwiftLogNoOpLogHandler() })
        try await database.start()
        do {
            let deadline = ContinuousClock.now + Self.limit
            var found = try await compare(database)
            while !found.isEmpty, ContinuousClock.now < deadline {
                try await Reactor.sleep(for: .milliseconds(500))
                found = try await compare(database)
            }
            await database.shutdown()
            return found
        } catch {
            await database.shutdown()
            throw error
        }
    }

    @Reactor
    private func compare(_ database: PostgresPool) async throws -> [String] {
        var ours: [String: Sums] = [:]
        for row in try await database.query(Query(Self.select), deadline: .now + .seconds(30)) {
            ours[try row.text(0)] = Sums(captured: try row.int(1), refunded: try row.int(2))
        }
        let intents = try await shop.ledger()["intents"]?.array ?? []
        var found: [String] = []
        for intent in intents {
            guard let id = intent["id"]?.string else { continue }
            let theirs = Sums(captured: intent["captured"]?.int64 ?? 0, refunded: intent["refunded"]?.int64 ?? 0)
            guard let mine = ours.removeValue(forKey: id) else {
                if theirs.captured != theirs.refunded { found.append("\(id): \(theirs), and no payment knows it") }
                continue
            }
            if mine != theirs { found.append("\(id): \(theirs) there, \(mine) here") }
        }
        return found + ours.keys.map { "\($0): the card company does not know it" }
    }
}
