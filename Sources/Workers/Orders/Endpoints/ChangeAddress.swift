import Worker

/// `orders.address`: an order goes somewhere else, as long as it is not paid.
enum ChangeAddress {
    static func endpoint(_ transition: Transition) -> Endpoint {
        Endpoint("orders.address") { fields in
            (
                id: fields.uuid("id"),
                address: fields.object("shippingAddress") { ShippingAddress(&$0) }
            )
        } _: { request, context in
            try await transition.command(request.id, .addressed(request.address), context)
        }
    }
}
