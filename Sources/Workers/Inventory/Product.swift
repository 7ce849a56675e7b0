import FoundationEssentials
import Worker

/// A product of the catalogue with its stock.
struct Product {
    let id: UUID
    let sku: String
    let name: String
    let price: Money
    let available: Int64
    let reserved: Int64
    let sold: Int64

    static let columns = "id, sku, name, price, currency, available, reserved, sold"

    /// - Parameter row: ``columns`` in their order.
    init(_ row: Row) throws {
        id = try row.uuid(0)
        sku = try row.text(1)
        name = try row.text(2)
        price = Money(minorUnits: try row.int(3), currency: try Currency(stored: row.text(4)))
        available = try row.int(5)
        reserved = try row.int(6)
        sold = try row.int(7)
    }

    /// - Parameter caller: staff and internal callers also see what is held and sold.
    func write(to json: inout JSONWriter, for caller: Caller) {
        json.field("id", id)
        json.field("sku", sku)
        json.field("name", name)
        json.field("price", price)
        json.field("currency", price.currency)
        json.field("stock", available)
        switch caller {
        case .internal, .staff:
            json.field("reserved", reserved)
            json.field("sold", sold)
        case .anonymous, .customer: break
        }
    }
}

extension Currency {
    /// A code that is in the table already.
    init(stored code: String) throws {
        guard let currency = Currency(code) else {
            throw ServiceError(500, "internal", "the currency \(code) is not known")
        }
        self = currency
    }
}
