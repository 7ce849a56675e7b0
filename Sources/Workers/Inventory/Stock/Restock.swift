import FoundationEssentials
import Worker

/// `inventory.products.restock`
enum Restock {
    static let endpoint = Endpoint("inventory.products.restock") { fields in
        (id: fields.uuid("id"), quantity: fields.integer("quantity", in: 1...1_000_000))
    } _: { request, context in
        try await context.commit(deciding: { transaction in
            var product = try await GetProduct.locked(request.id, transaction)
            product.available += request.quantity
            let movement = StockMovement(.restocked, available: 1, by: context.caller)
            return ([movement.query(product.id, request.quantity)], product.reply(for: context.caller))
        })
    }
}
