import Worker

/// `orders.list`: a customer's own orders, the latest first; staff and workers see all.
enum ListOrders {
    static let endpoint = Endpoint("orders.list") { fields in
        (
            status: fields.optionalChoice("status", of: OrderStatus.self), after: fields.optionalUUID("after"),
            limit: fields.optionalInteger("limit", in: 1...100) ?? 20
        )
    } _: { request, context in
        try await OrderFilter(
            userId: context.caller.confinedTo, status: request.status, after: request.after, limit: request.limit
        ).page(context)
    }
}
