import FoundationEssentials
import Worker

/// `inventory.products.list`: the catalogue by id, a page at a time, all of it or what a search finds. Customers are not
/// shown what is discontinued.
enum ListProducts {
    private static let select = Statement(
        """
        SELECT \(Product.columns) FROM products
        WHERE id > $1 AND (NOT discontinued OR $3) ORDER BY id LIMIT $2
        """)
    /// OFFSET 0 keeps order and limit out of the inner statement: it is answered by the index of words, and not by walking
    /// along the ids until enough is found, which for a rare word is the whole catalogue.
    private static let search = Statement(
        """
        SELECT \(Product.columns) FROM (
            SELECT \(Product.columns) FROM products WHERE search_vector(name, sku) @@ search_query($4) OFFSET 0) found
        WHERE id > $1 AND (NOT discontinued OR $3) ORDER BY id LIMIT $2
        """)
    private static let beforeAll = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    static let endpoint = Endpoint("inventory.products.list") { fields in
        (
            words: fields.optionalString("q", length: 1...100),
            limit: fields.optionalInteger("limit", in: 1...100) ?? 20, after: fields.optionalUUID("after")
        )
    } _: { request, context in
        let after = Parameter.uuid(request.after ?? beforeAll)
        let (limit, all) = (Parameter.int(request.limit + 1), Parameter.bool(context.caller.seesAll))
        let rows =
            if let words = request.words {
                try await context.query(search, after, limit, all, .text(words))
            } else {
                try await context.query(select, after, limit, all)
            }
        let products = try rows.prefix(Int(request.limit)).map { try Product($0) }
        return .object { json in
            json.objects("products", products) { json, product in product.write(to: &json, for: context.caller) }
            // Given when there are more: the `after` of the next page.
            json.fieldIfPresent("next", rows.count > products.count ? products.last?.id : nil)
        }
    }
}
