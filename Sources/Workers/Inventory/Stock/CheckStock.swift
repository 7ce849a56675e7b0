import Worker

/// `inventory.stock.check`: adds up the whole ledger and holds it against the stock, in one moment of the database.
enum CheckStock {
    /// More are not shown.
    private static let shown = 100

    private static let select: Statement = """
        SELECT (SELECT count(*) FROM products), (SELECT count(*) FROM stock_ledger), count(m.product_id),
               coalesce((array_agg(m.product_id))[:$1::int], '{}')
        FROM stock_mismatches() m
        """

    static let endpoint = Endpoint("inventory.stock.check") { _ in
    } _: { _, context in
        guard let row = try await context.query(select, .int(shown)).first else {
            throw ServiceError.unavailable("the ledger was not added up")
        }
        let (products, entries, mismatches) = (try row.int(0), try row.int(1), try row.int(2))
        let ids = try row.uuids(3)
        return .object { json in
            json.field("products", products)
            json.field("entries", entries)
            json.field("mismatches", mismatches)
            json.array("productIds") { json in for id in ids { id.write(to: &json) } }
        }
    }
}
