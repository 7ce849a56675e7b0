import FoundationEssentials
import Worker

/// `inventory.products.ledger`: every change of a product's stock, the latest first, a page at a time.
enum ListLedger {
    /// A row without an entry says that there is such a product.
    private static let select: Statement = """
        SELECT l.id, l.kind, l.available, l.reserved, l.sold, l.order_id, l.reason, l.note, l.actor, l.at
        FROM products p
        LEFT JOIN LATERAL (SELECT * FROM stock_ledger l WHERE l.product_id = p.id AND l.id < $2
                           ORDER BY l.id DESC LIMIT $3) l ON true
        WHERE p.id = $1 ORDER BY l.id DESC
        """

    static let endpoint = Endpoint("inventory.products.ledger") { fields in
        (
            id: fields.uuid("id"), limit: fields.optionalInteger("limit", in: 1...100) ?? 20,
            after: fields.optionalInteger("after", in: 1...Int64.max)
        )
    } _: { request, context in
        let rows = try await context.query(
            select, .uuid(request.id), .int(request.after ?? .max), .int(request.limit + 1))
        guard let first = rows.first else { throw GetProduct.unknown(request.id) }
        let entries = try first.isNull(0) ? [] : rows.prefix(Int(request.limit)).map { try LedgerEntry($0) }
        return .object { json in
            json.objects("entries", entries) { json, entry in entry.write(to: &json) }
            json.fieldIfPresent("next", rows.count > entries.count && !entries.isEmpty ? entries.last?.id : nil)
        }
    }
}
