import FoundationEssentials
import Worker

/// Decides whether something may happen to an order, and makes it happen.
struct Transition: Sendable {
    /// How long participants of the saga may take before they are called.
    let stepLimit: Duration

    /// As a command of its own: reads, decides, commits; again when somebody else moved it meanwhile.
    ///
    /// - Returns: the order as it is then.
    /// - Throws: 404, 409 `illegal-transition` that names the allowed moves, 409 `address-fixed`.
    @Reactor
    func command(_ id: UUID, _ change: OrderChange, _ context: Context) async throws -> Reply {
        try await context.retryingConflicts {
            let row = try await context.query(OrderRow.select, .uuid(id), .uuid(context.caller.confinedTo)).first
            guard let row else { throw GetOrder.unknown(id) }
            let order = try OrderRow.order(row)
            if let refusal = Self.refusal(of: change, to: order) { throw refusal }
            // The same address again is no event.
            if case .addressed(let address) = change, address == order.shippingAddress { return Reply(order.document) }
            let step = OrderStep(order, change, participantsWithin: stepLimit)
            let reply = Reply(step.order.document)
            try await context.commit(step.effects, events: [step.event], reply: reply)
            return reply
        }
    }

    /// Inside the transaction of an event that asks for it. A move that is not allowed any more is no fault: the order has
    /// gone another way.
    @Reactor
    func apply(_ id: UUID, _ change: OrderChange, _ effects: EventTransaction) async throws {
        guard let row = try await effects.query(OrderRow.selectLocked, .uuid(id)).first else { return }
        try await apply(to: try OrderRow.order(row), change, effects)
    }

    /// The same for an order whose row is locked already.
    @Reactor
    func apply(to order: Order, _ change: OrderChange, _ effects: EventTransaction) async throws {
        guard Self.refusal(of: change, to: order) == nil else { return }
        let step = OrderStep(order, change, participantsWithin: stepLimit)
        try await effects.batch(step.effects)
        try effects.append(step.event)
    }

    /// Why it may not happen; nil when it may.
    static func refusal(of change: OrderChange, to order: Order) -> ServiceError? {
        switch change {
        case .moved(let status): order.status.canBecome(status) ? nil : illegal(order, status)
        case .cancelled: order.status.canBecome(.cancelled) ? nil : illegal(order, .cancelled)
        case .addressed: order.status == .pending ? nil : addressFixed(order)
        case .payableUntil: order.status == .pending ? nil : illegal(order, .pending)
        }
    }

    private static func illegal(_ order: Order, _ status: OrderStatus) -> ServiceError {
        let allowed = order.status.next.map(\.rawValue)
        let moves = allowed.isEmpty ? "it is final" : "it can become \(allowed.joined(separator: " or "))"
        return ServiceError(
            409, "illegal-transition",
            "the order is \(order.status.rawValue) and cannot become \(status.rawValue); \(moves)",
            members: members(order))
    }

    private static func addressFixed(_ order: Order) -> ServiceError {
        ServiceError(
            409, "address-fixed",
            "the order is \(order.status.rawValue); its address can be changed only while it is pending",
            members: members(order))
    }

    private static func members(_ order: Order) -> [ServiceError.Member] {
        [
            .init("orderStatus", .string(order.status.rawValue)),
            .init("allowed", .array(order.status.next.map { .string($0.rawValue) })),
        ]
    }
}
