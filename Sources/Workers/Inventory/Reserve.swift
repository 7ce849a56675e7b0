import FoundationEssentials
import Worker

/// `inventory.reserve`: holds all lines of an order, or none; the catalogue's price is the truth.
enum Reserve {
    struct Request {
        let orderId: UUID
        let currency: Currency
        let lines: [Line]

        struct Line {
            let productId: UUID
            let quantity: Int64
            /// What the customer was shown, in minor units; nil takes the catalogue's.
            let price: Int64?
        }

        /// Whether a reservation is what this request would have made.
        func wants(_ reservation: Reservation) -> Bool {
            currency == reservation.currency && lines.count == reservation.lines.count
                && zip(lines, reservation.lines).allSatisfy { line, held in
                    line.productId == held.productId && line.quantity == held.quantity
                        && (line.price ?? held.price.minorUnits) == held.price.minorUnits
                }
        }
    }

    private static let reserve: Statement = "SELECT names, prices FROM reserve($1, $2, $3, $4, $5, $6, $7)"
    /// How the SQL function is told that a line names no price.
    private static let anyPrice: Int64 = -1
    /// Moves the look-back of ``ReservationExpiry`` on: whoever asks again still means to place the order.
    private static let keep = Statement(
        """
        UPDATE reservations SET expires_at = greatest(expires_at, $3)
        WHERE (order_id = $1 OR request_key = $2) AND state = 'held' RETURNING \(Reservation.columns)
        """)
    private static let select = Statement(
        "SELECT \(Reservation.columns) FROM reservations WHERE order_id = $1 OR request_key = $2")

    static func endpoint(holding hold: Duration) -> Endpoint {
        Endpoint("inventory.reserve") {
            read(&$0)
        } _: { request, context in
            do {
                let reservation = try await self.hold(request, for: hold, context)
                return .object { reservation.write(to: &$0) }
            } catch let error as PostgresError {
                throw refusal(error, request) ?? error
            }
        }
    }

    static func read(_ fields: inout Fields) -> Request {
        let orderId = fields.uuid("orderId")
        _ = fields.optionalUUID("userId")
        let currency = fields.currency("currency", default: .usd)
        let lines = fields.array("items", count: 1...100) { item in
            Request.Line(
                productId: item.uuid("productId"), quantity: item.integer("quantity", in: 1...100_000),
                price: item.optionalAmount("price", scale: currency.exponent, in: 0...10_000_000_000))
        }
        if Set(lines.map(\.productId)).count < lines.count { fields.refuse("items", "a product is listed twice") }
        return Request(orderId: orderId, currency: currency, lines: lines)
    }

    @Reactor
    private static func hold(_ request: Request, for hold: Duration, _ context: Context) async throws -> Reservation {
        let products = request.lines.map(\.productId)
        let quantities = request.lines.map(\.quantity)
        let expiry = Timestamp.now() + hold
        let effect = Query(
            reserve, .uuid(request.orderId), .text(context.idempotencyKey), .uuids(products), .ints(quantities),
            .ints(request.lines.map { $0.price ?? anyPrice }), .text(request.currency.code),
            .timestamp(expiry.microseconds))
        let event = NewEvent("STOCK_RESERVED", of: request.orderId, version: 1) { json in
            json.field("orderId", request.orderId)
            json.objects("items", request.lines) { json, line in
                json.field("productId", line.productId)
                json.field("quantity", line.quantity)
            }
        }
        do {
            guard let row = try await context.commit([effect], events: [event])?.first?.first else {
                return try await existing(request, until: expiry, context)
            }
            let (names, prices) = (try row.texts(0), try row.ints(1))
            return Reservation(
                orderId: request.orderId, state: .held, version: 1,
                lines: request.lines.enumerated().map { index, line in
                    .init(
                        productId: line.productId, name: names[index], quantity: line.quantity,
                        price: Money(minorUnits: prices[index], currency: request.currency))
                }, currency: request.currency)
        } catch is VersionConflict {
            return try await existing(request, until: expiry, context)
        } catch let error as PostgresError where error.isUniqueViolation && error.table == "reservations" {
            return try await existing(request, until: expiry, context)
        }
    }

    /// The reservation that the same request made before, whatever has become of it since; a held one is kept until `expiry`.
    @Reactor
    private static func existing(
        _ request: Request, until expiry: Timestamp, _ context: Context
    ) async throws -> Reservation {
        let (id, key) = (Parameter.uuid(request.orderId), Parameter.text(context.idempotencyKey))
        var rows = try await context.query(keep, id, key, .timestamp(expiry.microseconds))
        if rows.isEmpty { rows = try await context.query(select, id, key) }
        guard let row = rows.first else { throw ServiceError.unavailable("the reservation is being made; try again") }
        let reservation = try Reservation(row)
        guard request.wants(reservation) else {
            throw ServiceError(
                422, "idempotency-key-reused", "the order or its key was used for another reservation before")
        }
        return reservation
    }

    // MARK: - Refusals

    /// What the errors of the SQL function `reserve` mean; nil for any other error.
    private static func refusal(_ error: PostgresError, _ request: Request) -> ServiceError? {
        guard let sqlState = error.sqlState, sqlState.hasPrefix("FL0") else { return nil }
        let lines = Line.read(error.detail ?? "[]")
        func errors(_ message: (Line) -> String) -> [FieldError] {
            lines.map { FieldError(pointer: "/items/\($0.number)", message: message($0)) }
        }
        switch sqlState {
        case "FL001":
            return ServiceError(
                422, "unknown-product", "the catalogue has no such product",
                fieldErrors: errors { "there is no product \($0.productId)" })
        case "FL002":
            return ServiceError(
                409, "price-changed", "the catalogue's price is another one; show it to the customer and order again",
                fieldErrors: errors { line in
                    let price = Money(minorUnits: line.price, currency: request.currency)
                    return "the price of \(line.productId) is \(price)"
                })
        case "FL003":
            return ServiceError(
                409, "out-of-stock", "there is not enough in stock",
                fieldErrors: errors { "\($0.available) of \($0.productId) are left" })
        case "FL004":
            return ServiceError(
                409, "currency-mismatch", "an order is paid in one currency",
                fieldErrors: errors { "\($0.productId) is sold in \($0.currency)" })
        default: return nil
        }
    }

    /// One line of the detail of an error of `reserve`.
    private struct Line {
        let number: Int64
        let productId: String
        var price: Int64 = 0
        var available: Int64 = 0
        var currency = ""

        static func read(_ detail: String) -> [Line] {
            guard case .array(let elements)? = try? JSONReader.parse(Array(detail.utf8)) else { return [] }
            return elements.compactMap { element in
                guard case .object(let line) = element, let number = line["line"]?.int64,
                    let productId = line["productId"]?.string
                else { return nil }
                return Line(
                    number: number, productId: productId, price: line["price"]?.int64 ?? 0,
                    available: line["available"]?.int64 ?? 0, currency: line["currency"]?.string ?? "")
            }
        }
    }
}
