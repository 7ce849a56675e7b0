import Postgres
import Reactor

extension Context {
    /// Commits a command whose reply depends on what it finds: `decide` reads, with locks, and says what is to be done;
    /// that, the reply under the request's idempotency key and the commit are one more round trip.
    ///
    /// - Parameter decide: reads in the transaction; what it throws undoes the transaction. It waits for nothing but the
    ///   database.
    /// - Returns: the reply of `decide`, which has been committed.
    /// - Throws: what `decide` throws, or `PostgresError`.
    public func commit(
        deciding decide: @Reactor (Transaction) async throws -> (effects: [Query], reply: Reply)
    ) async throws -> Reply {
        try await database.transaction(deadline: deadline.instant) { transaction in
            let (effects, reply) = try await decide(transaction)
            let record = idempotency.map { [$0.recording(reply)] } ?? []
            try await transaction.commit(with: record + effects)
            return reply
        }
    }
}
