import Worker

/// `inventory.products.import`: brings in a whole catalogue; products that are there already stay as they are.
enum ImportProducts {
    private static let insert = NewProduct.insert("ON CONFLICT DO NOTHING")

    static let endpoint = Endpoint("inventory.products.import") { fields in
        fields.array("products", count: 1...1_000) { NewProduct(&$0) }
    } _: { products, context in
        let rows = try await context.database.query(
            NewProduct.insertion(insert, products, by: context.caller.actor), deadline: context.deadline.instant)
        return .object { $0.field("imported", rows.affected) }
    }
}
