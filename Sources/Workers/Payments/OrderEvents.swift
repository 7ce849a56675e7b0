import FoundationEssentials
import Worker

/// What orders tell: a cancelled order takes no payment any more, and what was taken for it goes back.
enum OrderEvents {
    static let consumer = EventConsumer("ORDER_EVENTS") { event, effects in
        switch event.type {
        case "ORDER_CREATED": try await Order(event).open(effects)
        case "ORDER_CANCELLED": try await Order(event).cancel(effects)
        default: break
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

        @Reactor
        func open(_ effects: EventTransaction) async throws {
            _ = try await effects.query(
                Self.insert, .uuid(id), .uuid(userId), .int(total.minorUnits), .text(total.currency.code))
        }

        /// Locks the account: a payment that is being opened or settled comes before and is seen below, or after and sees
        /// the cancellation.
        private static let cancelAccount: Statement = """
            INSERT INTO order_accounts AS a (order_id, user_id, amount, currency, state)
            VALUES ($1, $2, $3, $4, 'cancelled')
            ON CONFLICT (order_id) DO UPDATE
            SET state = 'cancelled', revision = a.revision + 1, updated_at = now()
            """
        /// Due at once.
        private static let cancelOpen: Statement = """
            UPDATE payments SET cancel_wanted = true, next_check_at = now(), updated_at = now()
            WHERE order_id = $1 AND status IN ('pending', 'processing', 'requires_action')
            """
        private static let selectPaid: Statement = """
            SELECT p.id, p.amount - (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
                                     WHERE r.payment_id = p.id AND r.status IN ('pending', 'succeeded'))
            FROM payments p WHERE p.order_id = $1 AND p.status = 'succeeded'
            """

        @Reactor
        func cancel(_ effects: EventTransaction) async throws {
            _ = try await effects.query(
                Self.cancelAccount, .uuid(id), .uuid(userId), .int(total.minorUnits), .text(total.currency.code))
            _ = try await effects.query(Self.cancelOpen, .uuid(id))
            for row in try await effects.query(Self.selectPaid, .uuid(id)) {
                let refund = RefundRow.insertion(
                    of: try row.int(1), paymentId: try row.uuid(0), .orderCancelled)
                _ = try await effects.query(refund)
            }
        }
    }
}
