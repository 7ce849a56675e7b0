import Worker

/// `orders.status`: staff moves an order on.
enum UpdateStatus {
    static let endpoint = Endpoint("orders.status") { fields in
        (id: fields.uuid("id"), status: fields.choice("status", of: OrderStatus.self))
    } _: { request, context in
        try await Transition.command(
            request.id, to: request.status, reason: request.status == .cancelled ? .requested : nil, context)
    }
}
