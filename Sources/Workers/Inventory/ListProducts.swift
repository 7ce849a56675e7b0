import FoundationEssentials
import Worker

/// `inventory.products.list`: the catalogue by id, a page at a time.
enum ListProducts {
    private static let select = Statement(
        "SELECT \(Product.columns) FROM products WHERE id > $1 ORDER BY id LIMIT $2")
    private static let beforeAll = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    static let endpoint = Endpoint("inventory.products.list") { fields in
        (after: fields.optionalUUID("after"), limit: fields.optionalInteger("limit", in: 1...100) ?? 20)
    } _: { request, context in
        let rows = try await context.query(select, .uuid(request.after ?? beforeAll), .int(request.limit + 1))
        let products = try rows.prefix(Int(request.limit)).map { try Product($0) }
        return .object { json in
            json.objects("products", products) { json, product in product.write(to: &json, for: context.caller) }
            // Given when there are more: the `after` of the next page.
            json.fieldIfPresent("next", rows.count > products.count ? products.last?.id : nil)
        }
    }
}
