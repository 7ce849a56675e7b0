import Worker

/// `inventory.products.import`: brings in a whole catalogue; products that are there already stay as they are.
enum ImportProducts {
    private static let insert = Statement("\(NewProduct.insertion) ON CONFLICT DO NOTHING")

    static let endpoint = Endpoint("inventory.products.import") { fields in
        fields.array("products", count: 1...1_000) { NewProduct(&$0) }
    } _: { products, context in
        let rows = try await context.database.query(
            Query(insert, parameters: NewProduct.parameters(products)), deadline: context.deadline.instant)
        return .object { $0.field("imported", rows.affected) }
    }
}
