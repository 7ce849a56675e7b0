import FoundationEssentials
import Worker

/// What orders tell: a cancelled order takes no payment any more, and what was taken for it goes back.
enum OrderEvents {
    static func consumer(_ cashier: Cashier) -> EventConsumer {
        EventConsumer("ORDER_EVENTS") { event, effects in
            switch event.type {
            case "ORDER_CREATED": try await Order(event).open(effects)
            case "ORDER_CANCELLED":
                let order = try Order(event)
                try await order.lock(effects)
                try await cashier.void(order.id, effects)
            default: break
            }
        }
    }

    /// The members that both events have.
    private struct Order {
        let id: UUID
        let userId: UUID
        let total: Money

        init(_ event: ReceivedEvent) throws {
            (id, userId, total) = try event.read { fields in
                let currency = fields.currency("currency")
                return (
                    fields.uuid("orderId"), fields.uuid("userId"),
                    Money(
                        minorUnits: fields.amount("totalAmount", scale: currency.exponent, in: 1...Int64.max),
                        currency: currency)
                )
            }
        }

        private static let insert: Statement = """
            INSERT INTO order_accounts (order_id, user_id, amount, currency) VALUES ($1, $2, $3, $4)
            ON CONFLICT (order_id) DO NOTHING
            """

        /// A payment that is being opened or settled comes before and is seen by what follows, or after and sees it.
        private static let insertOrLock: Statement = """
            INSERT INTO order_accounts (order_id, user_id, amount, currency) VALUES ($1, $2, $3, $4)
            ON CONFLICT (order_id) DO UPDATE SET updated_at = now()
            """

        @Reactor
        func open(_ effects: EventTransaction) async throws { try await write(Self.insert, effects) }

        @Reactor
        func lock(_ effects: EventTransaction) async throws { try await write(Self.insertOrLock, effects) }

        @Reactor
        private func write(_ statement: Statement, _ effects: EventTransaction) async throws {
            _ = try await effects.query(
                statement, .uuid(id), .uuid(userId), .int(total.minorUnits), .text(total.currency.code))
        }
    }
}
