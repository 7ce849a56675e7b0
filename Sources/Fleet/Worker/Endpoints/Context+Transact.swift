import Reactor

extension Context {
    /// Runs `body` in a transaction whose events go to the stream with the commit: for work that has to lock rows before
    /// it knows what to append, such as timers that claim what is due.
    ///
    /// - Returns: what `body` returned, once it is committed.
    /// - Throws: what `body` throws, and `PostgresError`; nothing is committed then, except where the connection broke
    ///   during the commit: what is due is found again if it was not.
    @discardableResult
    public func transact<T: Sendable>(_ body: @Reactor (EventTransaction) async throws -> T) async throws -> T {
        let aggregate = services.contract.stream?.aggregate ?? services.contract.name
        let (value, effects) = try await database.transaction(deadline: deadline.instant) { transaction in
            let effects = EventTransaction(transaction: transaction, context: self)
            let value = try await body(effects)
            _ = try await transaction.commit(with: effects.appended.map { $0.insertion(aggregate: aggregate) })
            return (value, effects)
        }
        services.relay.enqueue(effects.appended)
        effects.committed()
        return value
    }
}
