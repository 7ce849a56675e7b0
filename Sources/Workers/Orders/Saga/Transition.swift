import FoundationEssentials
import Worker

/// Moves an order to another status.
enum Transition {
    /// As a command of its own: reads, decides, commits; again when somebody else moved it meanwhile.
    ///
    /// - Returns: the order as it is then.
    /// - Throws: 404, and 409 `illegal-transition` that names the allowed moves.
    @Reactor
    static func command(
        _ id: UUID, to status: OrderStatus, reason: CancelReason? = nil, _ context: Context
    ) async throws -> Reply {
        try await context.retryingConflicts {
            let row = try await context.query(OrderRow.select, .uuid(id), .uuid(context.caller.confinedTo)).first
            guard let row else { throw GetOrder.unknown(id) }
            let order = try OrderRow.order(row)
            guard order.status.canBecome(status) else { throw refusal(order, status) }
            let moved = order.becoming(status, at: .now())
            let reply = Reply(moved.document)
            try await context.commit([OrderRow.update(moved)], events: [moved.event(reason: reason)], reply: reply)
            return reply
        }
    }

    /// Inside the transaction of an event that asks for it. A move that is not allowed any more is no fault: the order has
    /// gone another way.
    @Reactor
    static func apply(
        _ id: UUID, to status: OrderStatus, reason: CancelReason? = nil, _ effects: EventTransaction
    ) async throws {
        guard let row = try await effects.query(OrderRow.selectLocked, .uuid(id)).first else { return }
        let order = try OrderRow.order(row)
        guard order.status.canBecome(status) else { return }
        let moved = order.becoming(status, at: .now())
        try await effects.query(OrderRow.update(moved))
        try effects.append(moved.event(reason: reason))
    }

    private static func refusal(_ order: Order, _ status: OrderStatus) -> ServiceError {
        let allowed = order.status.next.map(\.rawValue)
        let moves = allowed.isEmpty ? "it is final" : "it can become \(allowed.joined(separator: " or "))"
        return ServiceError(
            409, "illegal-transition",
            "the order is \(order.status.rawValue) and cannot become \(status.rawValue); \(moves)",
            members: [
                .init("orderStatus", .string(order.status.rawValue)),
                .init("allowed", .array(allowed.map { .string($0) })),
            ])
    }
}
