import Worker

/// `inventory.products.create`
enum CreateProduct {
    private static let insert = NewProduct.insert()

    static let endpoint = Endpoint("inventory.products.create") {
        NewProduct(&$0)
    } _: { product, context in
        let reply = Product(product).reply(for: context.caller)
        do {
            try await context.commit(
                [NewProduct.insertion(insert, [product], by: context.caller.actor)], reply: reply)
            return reply
        } catch let error as PostgresError where error.isUniqueViolation && error.table == "products" {
            let field = error.constraint == "products_pkey" ? "id" : "sku"
            throw ServiceError(
                409, "product-exists", "there is a product with this \(field) already",
                fieldErrors: [FieldError(pointer: "/\(field)", message: "is taken")])
        }
    }
}
