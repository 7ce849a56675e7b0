import FoundationEssentials
import Worker

/// Ends the hold of a reservation: its stock is sold, or can be sold again.
enum Settle {
    enum Outcome: String {
        /// The order is confirmed: held stock is sold.
        case committed
        /// The order is cancelled or never came to be: held or sold stock is available again.
        case released
    }

    static let releaseEndpoint = endpoint("inventory.release", .released)
    static let commitEndpoint = endpoint("inventory.commit", .committed)

    private static func endpoint(_ subject: String, _ outcome: Outcome) -> Endpoint {
        Endpoint(subject) {
            $0.uuid("orderId")
        } _: { orderId, context in
            let reservation = try await settle(orderId, outcome, context)
            guard reservation.state.rawValue == outcome.rawValue else {
                throw ServiceError(
                    409, "illegal-transition", "the reservation of \(orderId.text) is \(reservation.state) already")
            }
            return .object { reservation.write(to: &$0) }
        }
    }

    /// Settles by a command of its own and returns the reservation as it is then.
    @Reactor
    static func settle(_ orderId: UUID, _ outcome: Outcome, _ context: Context) async throws -> Reservation {
        try await context.retryingConflicts {
            guard let row = try await context.query(select, .uuid(orderId)).first else { throw unknown(orderId) }
            let reservation = try Reservation(row)
            guard let change = change(of: reservation, to: outcome, by: context.caller) else {
                return reservation
            }
            try await context.commit(change.queries, events: [change.event])
            return change.after
        }
    }

    /// The same inside the transaction of an event. An order without a reservation is left alone: there is none when the
    /// order was made without stock to hold.
    @Reactor
    static func apply(_ outcome: Outcome, to orderId: UUID, _ effects: EventTransaction) async throws {
        guard let row = try await effects.query(selectLocked, .uuid(orderId)).first else { return }
        let reservation = try Reservation(row)
        guard let change = change(of: reservation, to: outcome, by: .internal) else {
            if reservation.state == .released, outcome == .committed { throw NothingHeld(orderId: orderId) }
            return
        }
        for query in change.queries { _ = try await effects.query(query) }
        try effects.append(change.event)
    }

    /// An order was confirmed whose stock had been given back. People have to decide: the event becomes a dead letter.
    struct NothingHeld: Error, CustomStringConvertible {
        let orderId: UUID
        var description: String { "the order \(orderId.text) is confirmed, but its stock was released before" }
    }

    /// Releases a held reservation that is due still; nothing happens when somebody has asked for it meanwhile.
    ///
    /// - Parameter due: what `expires_at` was when it was looked at.
    @Reactor
    static func releaseExpired(_ orderId: UUID, due: Int64, _ context: Context) async throws {
        guard let row = try await context.query(select, .uuid(orderId)).first else { return }
        guard let change = change(of: try Reservation(row), to: .released, by: .internal) else { return }
        do {
            try await context.commit(
                [Query(ensureExpired, .uuid(orderId), .timestamp(due))] + change.queries, events: [change.event])
        } catch let error as PostgresError where error.sqlState == "FL005" {
            context.logger.debug("reservation is wanted again", metadata: ["order": "\(orderId.text)"])
        } catch is VersionConflict {
            context.logger.debug("reservation was settled meanwhile", metadata: ["order": "\(orderId.text)"])
        }
    }

    private static let ensureExpired: Statement = "SELECT ensure_expired($1, $2)"
    private static let select = Statement("SELECT \(Reservation.columns) FROM reservations WHERE order_id = $1")
    private static let selectLocked = Statement(
        "SELECT \(Reservation.columns) FROM reservations WHERE order_id = $1 FOR NO KEY UPDATE")
    private static let update: Statement = """
        UPDATE reservations SET state = $2, version = version + 1, settled_at = now() WHERE order_id = $1
        """

    private struct Change {
        let queries: [Query]
        let event: NewEvent
        let after: Reservation
    }

    /// Nil when there is nothing to do, or nothing that may be done.
    private static func change(of reservation: Reservation, to outcome: Outcome, by caller: Caller) -> Change? {
        let movement: StockMovement
        switch (reservation.state, outcome) {
        case (.held, .committed): movement = StockMovement(.committed, reserved: -1, sold: 1, by: caller)
        case (.held, .released): movement = StockMovement(.released, available: 1, reserved: -1, by: caller)
        case (.committed, .released): movement = StockMovement(.released, available: 1, sold: -1, by: caller)
        case (.committed, .committed), (.released, _): return nil
        }
        let after = Reservation(
            orderId: reservation.orderId, state: outcome == .committed ? .committed : .released,
            version: reservation.version + 1, lines: reservation.lines, currency: reservation.currency)
        return Change(
            queries: [
                Query(update, .uuid(reservation.orderId), .text(outcome.rawValue)),
                movement.query(reservation),
            ],
            event: reservation.event(
                outcome == .committed ? "STOCK_COMMITTED" : "STOCK_RELEASED", version: after.version), after: after)
    }

    private static func unknown(_ orderId: UUID) -> ServiceError {
        ServiceError(404, "reservation-not-found", "there is no reservation for the order \(orderId.text)")
    }
}
