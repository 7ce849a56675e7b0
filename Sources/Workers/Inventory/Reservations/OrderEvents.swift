import Worker

/// What orders tell: a confirmed order's stock is sold, a cancelled one's is available again.
enum OrderEvents {
    /// Reservations first and products after them, each in the order of their ids, as every command does: the orders of a
    /// batch share products, with each other and with those that are being reserved.
    private static let lockReservations: Statement = """
        SELECT FROM reservations WHERE order_id = ANY ($1) ORDER BY order_id FOR NO KEY UPDATE
        """
    private static let lockProducts: Statement = """
        SELECT FROM products
        WHERE id IN (SELECT unnest(product_ids) FROM reservations WHERE order_id = ANY ($1))
        ORDER BY id FOR NO KEY UPDATE
        """

    static let consumer = EventConsumer(
        "ORDER_EVENTS",
        preparing: { events, effects in
            let orders = Parameter.uuids(events.filter { $0.type != "ORDER_CREATED" }.map(\.aggregateId))
            _ = try await effects.query(lockReservations, orders)
            _ = try await effects.query(lockProducts, orders)
        }
    ) { event, effects in
        switch event.type {
        case "ORDER_STATUS_UPDATED":
            let status = try event.read { $0.string("status") }
            if status == "confirmed" { try await Settle.apply(.committed, to: event.aggregateId, effects) }
        case "ORDER_CANCELLED": try await Settle.apply(.released, to: event.aggregateId, effects)
        default: break
        }
    }
}
