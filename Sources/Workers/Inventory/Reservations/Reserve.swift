import FoundationEssentials
import Worker

/// `inventory.reserve`: holds all lines of an order, or none; the catalogue's price is the truth.
struct Reserve {
    let settings: InventorySettings
    let alerts: StockAlerts

    private static let reserve: Statement = """
        SELECT names, prices, is_marked FROM reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """
    /// How the SQL function is told that a line names no price.
    private static let anyPrice: Int64 = -1
    /// Moves the look-back of ``ReservationExpiry`` on: whoever asks again still means to place the order.
    private static let keep = Statement(
        """
        UPDATE reservations SET expires_at = greatest(expires_at, $2)
        WHERE order_id = $1 AND state = 'held' RETURNING \(Reservation.columns)
        """)
    private static let select = Statement(
        "SELECT \(Reservation.columns) FROM reservations WHERE order_id = $1 OR request_key = $2")

    var endpoint: Endpoint {
        Endpoint("inventory.reserve") {
            ReserveRequest(&$0)
        } _: { request, context in
            do {
                let reservation = try await hold(request, context)
                return .object { reservation.write(to: &$0) }
            } catch let error as PostgresError {
                throw ReserveRefusal.error(error, request) ?? error
            }
        }
    }

    @Reactor
    private func hold(_ request: ReserveRequest, _ context: Context) async throws -> Reservation {
        let products = request.lines.map(\.productId)
        let quantities = request.lines.map(\.quantity)
        let expiry = Timestamp.now() + settings.hold
        let effect = Query(
            Self.reserve, .uuid(request.orderId), .text(context.idempotencyKey), .uuids(products), .ints(quantities),
            .ints(request.lines.map { $0.price ?? Self.anyPrice }), .text(request.currency.code),
            .timestamp(expiry.microseconds), .uuid(request.userId), .int(settings.holdsPerCustomer),
            .text(context.caller.actor))
        let event = NewEvent("STOCK_RESERVED", of: request.orderId, version: 1) { json in
            json.field("orderId", request.orderId)
            json.objects("items", request.lines) { json, line in
                json.field("productId", line.productId)
                json.field("quantity", line.quantity)
            }
        }
        do {
            guard let row = try await context.commit([effect], events: [event])?.first?.first else {
                return try await Self.existing(request, until: expiry, context)
            }
            let (names, prices) = (try row.texts(0), try row.ints(1))
            if try row.bool(2) { alerts.nudge(context) }
            return Reservation(
                orderId: request.orderId, state: .held, version: 1,
                lines: request.lines.enumerated().map { index, line in
                    .init(
                        productId: line.productId, name: names[index], quantity: line.quantity,
                        price: Money(minorUnits: prices[index], currency: request.currency))
                }, currency: request.currency)
        } catch is VersionConflict {
            return try await Self.existing(request, until: expiry, context)
        } catch let error as PostgresError where error.isUniqueViolation && error.table == "reservations" {
            return try await Self.existing(request, until: expiry, context)
        }
    }

    /// The reservation that the same request made before, whatever has become of it since; a held one is kept until `expiry`.
    @Reactor
    private static func existing(
        _ request: ReserveRequest, until expiry: Timestamp, _ context: Context
    ) async throws -> Reservation {
        let reservation = try await read(request, context)
        // Checked first: whoever is refused must not keep the stock held.
        guard request.wants(reservation) else {
            throw ServiceError(
                422, "idempotency-key-reused", "the order or its key was used for another reservation before")
        }
        guard reservation.state == .held else { return reservation }
        let kept = try await context.query(keep, .uuid(reservation.orderId), .timestamp(expiry.microseconds))
        if let row = kept.first { return try Reservation(row) }
        // It was settled this very moment.
        return try await read(request, context)
    }

    @Reactor
    private static func read(_ request: ReserveRequest, _ context: Context) async throws -> Reservation {
        let found = try await context.query(select, .uuid(request.orderId), .text(context.idempotencyKey))
        guard let row = found.first else { throw ServiceError.unavailable("the reservation is being made; try again") }
        return try Reservation(row)
    }
}
