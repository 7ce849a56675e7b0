import FoundationEssentials
import Worker

/// A product of the catalogue with its stock.
struct Product {
    let id: UUID
    let sku: String
    var name: String
    var price: Money
    var available: Int64
    var reserved: Int64
    var sold: Int64
    /// Orders for it are refused.
    var isDiscontinued: Bool
    /// With so many units or fewer left it runs low; 0 switches that off.
    var lowStockAt: Int64

    static let columns = "id, sku, name, price, currency, available, reserved, sold, discontinued, low_stock_at"
    /// Keeps the row as it was read until the transaction ends.
    static let selectLocked = Statement("SELECT \(columns) FROM products WHERE id = $1 FOR NO KEY UPDATE")

    /// - Parameter row: ``columns`` in their order.
    init(_ row: Row) throws {
        id = try row.uuid(0)
        sku = try row.text(1)
        name = try row.text(2)
        price = Money(minorUnits: try row.int(3), currency: try Currency(stored: row.text(4)))
        available = try row.int(5)
        reserved = try row.int(6)
        sold = try row.int(7)
        isDiscontinued = try row.bool(8)
        lowStockAt = try row.int(9)
    }

    /// A product that has just been made.
    init(_ new: NewProduct) {
        id = new.id
        sku = new.sku
        name = new.name
        price = new.price
        available = new.stock
        reserved = 0
        sold = 0
        isDiscontinued = false
        lowStockAt = new.lowStockAt
    }

    /// - Parameter caller: staff and internal callers also see what is held and sold, and when it runs low.
    func write(to json: inout JSONWriter, for caller: Caller) {
        json.field("id", id)
        json.field("sku", sku)
        json.field("name", name)
        json.field("price", price)
        json.field("currency", price.currency)
        json.field("stock", available)
        json.field("discontinued", isDiscontinued)
        guard caller.seesAll else { return }
        json.field("reserved", reserved)
        json.field("sold", sold)
        json.field("lowStockAt", lowStockAt)
    }

    func reply(for caller: Caller) -> Reply {
        .object { write(to: &$0, for: caller) }
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
