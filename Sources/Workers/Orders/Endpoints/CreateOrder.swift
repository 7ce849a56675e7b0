import FoundationEssentials
import Worker

/// `orders.create`: holds the stock, then writes the order. One round trip to the database here and one in inventory.
enum CreateOrder {
    struct Request {
        let userId: UUID?
        let currency: Currency
        let lines: [Line]
        let shippingAddress: ShippingAddress?

        struct Line {
            let productId: UUID
            let quantity: Int64
            let price: Int64?
        }

        init(_ fields: inout Fields) {
            userId = fields.optionalUUID("userId")
            let currency = fields.currency("currency", default: .usd)
            self.currency = currency
            lines = fields.array("items", count: 1...100) { item in
                Line(
                    productId: item.uuid("productId"), quantity: item.integer("quantity", in: 1...100_000),
                    price: item.optionalAmount("price", scale: currency.exponent, in: 0...10_000_000_000))
            }
            if Set(lines.map(\.productId)).count < lines.count {
                fields.refuse("items", "a product is listed twice; expected one line with the sum of the quantities")
            }
            shippingAddress = fields.optionalObject("shippingAddress") { ShippingAddress(&$0) }
        }
    }

    static func endpoint(payableFor limit: Duration) -> Endpoint {
        Endpoint("orders.create") {
            Request(&$0)
        } _: { request, context in
            let userId = try customer(of: request, context.caller)
            let reserved = try await reserve(request, for: userId, context)
            // Where the order exists already, its first answer is given instead of this one.
            guard reserved.isHeld else {
                throw ServiceError(
                    409, "reservation-expired",
                    "the stock that was held under this key has been given back; order again under a new key")
            }
            let now = Timestamp.now()
            let order = Order(
                id: reserved.orderId, userId: userId, lines: reserved.lines, total: reserved.total,
                shippingAddress: request.shippingAddress, paymentDueAt: now + limit, at: now)
            let reply = Reply(order.document)
            try await context.commit([OrderRow.insert(order)], events: [order.creation], reply: reply)
            return reply
        }
    }

    private static func customer(of request: Request, _ caller: Caller) throws -> UUID {
        switch (caller, request.userId) {
        case (.customer(let id), let named):
            guard named == nil || named == id else {
                throw ServiceError(
                    403, "forbidden", "an order can only be placed for oneself",
                    fieldErrors: [FieldError(pointer: "/userId", message: "is not the caller's")])
            }
            return id
        case (_, let named?): return named
        case (_, nil): throw ServiceError.invalid("/userId", "is missing; expected the customer's UUID")
        }
    }

    /// Under the caller's idempotency key the same reservation comes back, with the order id of the first request.
    ///
    /// Nothing is given back here when the order cannot be written: inventory releases what no order claims.
    @Reactor
    private static func reserve(_ request: Request, for userId: UUID, _ context: Context) async throws -> Reservation {
        let body = JSONWriter.object { json in
            json.field("orderId", UUIDv7.next())
            json.field("userId", userId)
            json.field("currency", request.currency)
            json.objects("items", request.lines) { json, line in
                json.field("productId", line.productId)
                json.field("quantity", line.quantity)
                if let price = line.price {
                    json.field("price", minorUnits: price, scale: request.currency.exponent)
                }
            }
        }
        let reply = try await context.call(
            "inventory.reserve", body, idempotencyKey: context.derivedIdempotencyKey(for: "inventory.reserve"))
        return try Reservation(reply: reply)
    }
}
