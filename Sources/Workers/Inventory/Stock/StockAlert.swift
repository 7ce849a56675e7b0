import FoundationEssentials
import Worker

/// A product whose stock says something else than its last event.
struct StockAlert {
    enum Level: String {
        case ok
        case low
        case out
    }

    let productId: UUID
    let sku: String
    let name: String
    let available: Int64
    let lowStockAt: Int64
    let before: Level
    let level: Level
    let versionBefore: Int64

    /// - Parameter row: id, sku, name, available, low_stock_at, alert, alert_version, the level of the stock.
    init(_ row: Row) throws {
        productId = try row.uuid(0)
        sku = try row.text(1)
        name = try row.text(2)
        available = try row.int(3)
        lowStockAt = try row.int(4)
        before = try Level(rawValue: row.text(5)) ?? .ok
        versionBefore = try row.int(6)
        level = try Level(rawValue: row.text(7)) ?? .ok
    }

    /// What the product's version is once this has been told.
    var version: Int64 { versionBefore + (type == nil ? 0 : 1) }

    /// Nil when the stock has recovered without having been out, or is back where it was: that is no news.
    var event: NewEvent? {
        type.map { type in
            NewEvent(type, of: productId, version: version) { json in
                json.field("productId", productId)
                json.field("sku", sku)
                json.field("name", name)
                json.field("stock", available)
                json.field("lowStockAt", lowStockAt)
            }
        }
    }

    private var type: String? {
        switch (before, level) {
        case (.ok, .low): "LOW_STOCK"
        case (.ok, .out), (.low, .out): "OUT_OF_STOCK"
        case (.out, .low), (.out, .ok): "BACK_IN_STOCK"
        case (.low, .ok), (.ok, .ok), (.low, .low), (.out, .out): nil
        }
    }
}
