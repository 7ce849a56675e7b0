import FoundationEssentials
import Worker

/// `inventory.products.update`: changes what is named and leaves the rest. What is held or sold already keeps the name and
/// the price that it was ordered with.
enum UpdateProduct {
    struct Request {
        let id: UUID
        let name: String?
        /// As it was sent: how many decimals it may have depends on the product's currency.
        let price: JSONValue?
        let isDiscontinued: Bool?
        let lowStockAt: Int64?

        init(_ fields: inout Fields) {
            id = fields.uuid("id")
            name = fields.optionalString("name", length: 1...200)
            price = fields.optionalJSON("price")
            isDiscontinued = fields.optionalBool("discontinued")
            lowStockAt = fields.optionalInteger("lowStockAt", in: NewProduct.thresholds)
            if name == nil, price == nil, isDiscontinued == nil, lowStockAt == nil {
                fields.refuse("", "nothing is to be changed; expected name, price, discontinued or lowStockAt")
            }
        }

        func applied(to product: Product) throws -> Product {
            var product = product
            if let name { product.name = name }
            if let price { product.price = try Self.money(price, product.price.currency) }
            if let isDiscontinued { product.isDiscontinued = isDiscontinued }
            if let lowStockAt { product.lowStockAt = lowStockAt }
            return product
        }

        private static func money(_ price: JSONValue, _ currency: Currency) throws -> Money {
            let document = JSONValue.object(JSONObject([.init(name: "price", value: price)]))
            do {
                return try Fields.read(document) { fields in
                    Money(
                        minorUnits: fields.amount("price", scale: currency.exponent, in: NewProduct.prices),
                        currency: currency)
                }
            } catch { throw ServiceError.validation(error) }
        }
    }

    private static let update: Statement = """
        WITH changed AS (
            UPDATE products SET name = $2, price = $3, discontinued = $4, low_stock_at = $5, updated_at = now()
            WHERE id = $1 RETURNING id, alert <> stock_level(available, low_stock_at) AS is_news
        )
        INSERT INTO stock_alerts (product_id) SELECT id FROM changed WHERE is_news ON CONFLICT DO NOTHING
        """

    static let endpoint = Endpoint("inventory.products.update") {
        Request(&$0)
    } _: { request, context in
        try await context.commit(deciding: { transaction in
            let product = try request.applied(to: try await GetProduct.locked(request.id, transaction))
            let effect = Query(
                update, .uuid(product.id), .text(product.name), .int(product.price.minorUnits),
                .bool(product.isDiscontinued), .int(product.lowStockAt))
            return ([effect], product.reply(for: context.caller))
        })
    }
}
