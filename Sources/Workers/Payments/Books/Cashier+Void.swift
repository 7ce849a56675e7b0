import FoundationEssentials
import Worker

extension Cashier {
    /// Sees to it that no payment of an order captures any more and what was captured goes back: at once where it can be,
    /// at Stripe soon. It may be done any number of times; a refund that failed meanwhile is tried again by a new one.
    ///
    /// - Returns: nil when payments never heard of the order.
    func void(_ orderId: UUID, _ context: Context) async throws -> VoidPlan? {
        try await retryingRaces(context) {
            guard let books = try await OrderBooks(context.query(OrderBooks.select, .uuid(orderId))) else { return nil }
            let plan = VoidPlan(books.account, books.payments)
            let queries = plan.queries
            if !queries.isEmpty { try await context.commit(queries, events: plan.event.map { [$0] } ?? []) }
            nudge(plan, context)
            return plan
        }
    }

    /// The same in the transaction of the event that cancels the order, which holds the account's lock.
    func void(_ orderId: UUID, _ effects: EventTransaction) async throws {
        guard let books = try await OrderBooks(effects.query(OrderBooks.select, .uuid(orderId))) else { return }
        let plan = VoidPlan(books.account, books.payments)
        for query in plan.queries { try await effects.query(query) }
        if let event = plan.event { try effects.append(event) }
        effects.afterCommit { self.nudge(plan, effects.context) }
    }

    private func nudge(_ plan: VoidPlan, _ context: Context) {
        if plan.cancelsIntents { nudgeChecks(context) }
        if plan.hasRefunds { nudgeRefunds(context) }
    }
}
