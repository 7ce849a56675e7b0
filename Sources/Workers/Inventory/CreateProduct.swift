import Worker

/// `inventory.products.create`
enum CreateProduct {
    private static let insert = Statement("\(NewProduct.insertion) RETURNING \(Product.columns)")

    static let endpoint = Endpoint("inventory.products.create") {
        NewProduct(&$0)
    } _: { product, context in
        do {
            let rows = try await context.database.query(
                Query(insert, parameters: NewProduct.parameters([product])), deadline: context.deadline.instant)
            guard let row = rows.first else { throw ServiceError.unavailable("the product was not stored") }
            let stored = try Product(row)
            return .object { stored.write(to: &$0, for: context.caller) }
        } catch let error as PostgresError where error.isUniqueViolation {
            let field = error.constraint == "products_pkey" ? "id" : "sku"
            throw ServiceError(
                409, "product-exists", "there is a product with this \(field) already",
                fieldErrors: [FieldError(pointer: "/\(field)", message: "is taken")])
        }
    }
}
