import FoundationEssentials
import Worker

/// A product as staff brings it in.
struct NewProduct {
    let id: UUID
    let sku: String
    let name: String
    let price: Money
    let stock: Int64
    let lowStockAt: Int64

    /// In minor units.
    static let prices: ClosedRange<Int64> = 1...10_000_000_000
    static let thresholds: ClosedRange<Int64> = 0...1_000_000_000

    init(_ fields: inout Fields) {
        id = fields.optionalUUID("id") ?? UUIDv7.next()
        sku = fields.string("sku", length: 1...64)
        name = fields.string("name", length: 1...200)
        let currency = fields.currency("currency", default: .usd)
        price = Money(
            minorUnits: fields.amount("price", scale: currency.exponent, in: Self.prices), currency: currency)
        stock = fields.integer("stock", in: 0...1_000_000_000)
        lowStockAt = fields.optionalInteger("lowStockAt", in: Self.thresholds) ?? 10
    }

    /// - Parameter actor: see ``Caller/actor``.
    static func insertion(_ statement: Statement, _ products: [NewProduct], by actor: String?) -> Query {
        Query(
            statement, .uuids(products.map(\.id)), .texts(products.map(\.sku)), .texts(products.map(\.name)),
            .ints(products.map(\.price.minorUnits)), .texts(products.map(\.price.currency.code)),
            .ints(products.map(\.stock)), .ints(products.map(\.lowStockAt)), .text(actor))
    }

    /// Makes products with the first entries of their ledgers. A product that begins with little or
    /// nothing is no news.
    ///
    /// - Parameter conflict: what becomes of a product whose id or article number is taken: an error, or `ON CONFLICT …`.
    static func insert(_ conflict: String = "") -> Statement {
        Statement(
            """
            WITH made AS (
                INSERT INTO products (id, sku, name, price, currency, available, received, low_stock_at, alert)
                SELECT id, sku, name, price, currency, stock, stock, low_stock_at, stock_level(stock, low_stock_at)
                FROM unnest($1, $2, $3, $4, $5, $6, $7) AS new(id, sku, name, price, currency, stock, low_stock_at)
                \(conflict) RETURNING id, available
            )
            INSERT INTO stock_ledger (product_id, kind, available, actor)
            SELECT id, 'created', available, $8 FROM made
            """)
    }
}
