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
            guard let change = change(of: reservation, to: outcome) else { return reservation }
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
        guard let change = change(of: reservation, to: outcome) else {
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
        guard let change = change(of: try Reservation(row), to: .released) else { return }
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
    /// The sub-select locks in the order of the ids, as `reserve` does.
    private static func move(_ assignments: String) -> Statement {
        Statement(
            """
            UPDATE products p SET \(assignments), updated_at = now()
            FROM (SELECT p.id, w.quantity FROM unnest($1, $2) AS w(product_id, quantity)
                  JOIN products p ON p.id = w.product_id ORDER BY p.id FOR NO KEY UPDATE OF p) w
            WHERE p.id = w.id
            """)
    }
    private static let sell = move("reserved = p.reserved - w.quantity, sold = p.sold + w.quantity")
    private static let putBack = move("reserved = p.reserved - w.quantity, available = p.available + w.quantity")
    private static let takeBack = move("sold = p.sold - w.quantity, available = p.available + w.quantity")

    private struct Change {
        let queries: [Query]
        let event: NewEvent
        let after: Reservation
    }

    /// Nil when there is nothing to do, or nothing that may be done.
    private static func change(of reservation: Reservation, to outcome: Outcome) -> Change? {
        let movement: Statement
        switch (reservation.state, outcome) {
        case (.held, .committed): movement = sell
        case (.held, .released): movement = putBack
        case (.committed, .released): movement = takeBack
        case (.committed, .committed), (.released, _): return nil
        }
        let after = Reservation(
            orderId: reservation.orderId, state: outcome == .committed ? .committed : .released,
            version: reservation.version + 1, lines: reservation.lines, currency: reservation.currency)
        return Change(
            queries: [
                Query(update, .uuid(reservation.orderId), .text(outcome.rawValue)),
                Query(
                    movement, .uuids(reservation.lines.map(\.productId)), .ints(reservation.lines.map(\.quantity))),
            ],
            event: reservation.event(
                outcome == .committed ? "STOCK_COMMITTED" : "STOCK_RELEASED", version: after.version), after: after)
    }

    private static func unknown(_ orderId: UUID) -> ServiceError {
        ServiceError(404, "reservation-not-found", "there is no reservation for the order \(orderId.text)")
    }
}
