import Worker

/// `orders.search`: staff finds orders by customer, status, time, words or id.
enum SearchOrders {
    static let endpoint = Endpoint("orders.search") { fields in
        OrderFilter(
            userId: fields.optionalUUID("userId"), status: fields.optionalChoice("status", of: OrderStatus.self),
            createdFrom: fields.optionalTimestamp("createdFrom"), createdBefore: fields.optionalTimestamp("createdTo"),
            text: fields.optionalString("q", length: 1...100), after: fields.optionalUUID("after"),
            limit: fields.optionalInteger("limit", in: 1...100) ?? 20)
    } _: { filter, context in
        try await filter.page(context)
    }
}
