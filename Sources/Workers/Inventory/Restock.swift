import Worker

/// `inventory.products.restock`
enum Restock {
    private static let update = Statement(
        """
        UPDATE products SET available = available + $2, received = received + $2, updated_at = now()
        WHERE id = $1 RETURNING \(Product.columns)
        """)

    static let endpoint = Endpoint("inventory.products.restock") { fields in
        (id: fields.uuid("id"), quantity: fields.integer("quantity", in: 1...1_000_000))
    } _: { request, context in
        guard let row = try await context.query(update, .uuid(request.id), .int(request.quantity)).first else {
            throw GetProduct.unknown(request.id)
        }
        let product = try Product(row)
        return .object { product.write(to: &$0, for: context.caller) }
    }
}
