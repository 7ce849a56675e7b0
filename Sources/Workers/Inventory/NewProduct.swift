import FoundationEssentials
import Worker

/// A product as staff brings it in.
struct NewProduct {
    let id: UUID
    let sku: String
    let name: String
    let price: Money
    let stock: Int64

    init(_ fields: inout Fields) {
        id = fields.optionalUUID("id") ?? UUIDv7.next()
        sku = fields.string("sku", length: 1...64)
        name = fields.string("name", length: 1...200)
        let currency = fields.currency("currency", default: .usd)
        price = Money(
            minorUnits: fields.amount("price", scale: currency.exponent, in: 1...10_000_000_000), currency: currency)
        stock = fields.integer("stock", in: 0...1_000_000_000)
    }

    static func parameters(_ products: [NewProduct]) -> [Parameter] {
        [
            .uuids(products.map(\.id)), .texts(products.map(\.sku)), .texts(products.map(\.name)),
            .ints(products.map(\.price.minorUnits)), .texts(products.map(\.price.currency.code)),
            .ints(products.map(\.stock)),
        ]
    }

    /// Takes the columns of ``parameters(_:)``.
    static let insertion = """
        INSERT INTO products (id, sku, name, price, currency, available, received)
        SELECT id, sku, name, price, currency, stock, stock
        FROM unnest($1, $2, $3, $4, $5, $6) AS new(id, sku, name, price, currency, stock)
        """
}
