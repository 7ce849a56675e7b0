import Worker

/// What an event about the stock of a product says.
struct StockFacts: Sendable {
    private let sku: String
    private let name: String
    private let stock: Int64
    private let lowStockAt: Int64

    init(_ fields: inout Fields) {
        sku = fields.string("sku", length: 1...64)
        name = fields.string("name", length: 1...200)
        stock = fields.integer("stock", in: 0...Int64.max)
        lowStockAt = fields.integer("lowStockAt", in: 0...Int64.max)
    }

    func notice(isOut: Bool) -> Notice {
        var data = JSONObject()
        data["sku"] = .string(sku)
        data["name"] = .string(name)
        data["stock"] = .string("\(stock)")
        data["lowStockAt"] = .string("\(lowStockAt)")
        data["isOut"] = .bool(isOut)
        return Notice(.stockLow, to: .staff, data)
    }
}
