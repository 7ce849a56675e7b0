import Worker

/// `orders.cancel`: the owner, or staff, calls an order off.
enum CancelOrder {
    static func endpoint(_ transition: Transition) -> Endpoint {
        Endpoint("orders.cancel") {
            $0.uuid("id")
        } _: { id, context in
            try await transition.command(id, .cancelled(.requested), context)
        }
    }
}
