import Worker

/// `orders.status`: staff moves an order on.
enum UpdateStatus {
    static func endpoint(_ transition: Transition) -> Endpoint {
        Endpoint("orders.status") { fields in
            (id: fields.uuid("id"), status: fields.choice("status", of: OrderStatus.self))
        } _: { request, context in
            try await transition.command(
                request.id, request.status == .cancelled ? .cancelled(.requested) : .moved(request.status), context)
        }
    }
}
