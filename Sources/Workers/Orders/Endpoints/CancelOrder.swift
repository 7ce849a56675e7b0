import Worker

/// `orders.cancel`: the owner, or staff, calls an order off.
enum CancelOrder {
    static let endpoint = Endpoint("orders.cancel") {
        $0.uuid("id")
    } _: { id, context in
        try await Transition.command(id, to: .cancelled, reason: .requested, context)
    }
}
