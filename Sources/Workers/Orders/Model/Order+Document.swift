import FoundationEssentials
import Worker

/// What a read answers.
extension Order {
    var document: [UInt8] {
        JSONWriter.object(capacity: 768) { json in
            json.field("id", id)
            json.field("userId", userId)
            writeLines(to: &json)
            json.field("totalAmount", total)
            json.field("currency", total.currency)
            json.field("status", status)
            json.fieldIfPresent("shippingAddress", shippingAddress)
            json.field("createdAt", createdAt)
            json.field("updatedAt", updatedAt)
        }
    }

    func writeLines(to json: inout JSONWriter) {
        json.objects("items", lines) { json, line in
            json.field("productId", line.productId)
            json.field("name", line.name)
            json.field("quantity", line.quantity)
            json.field("price", line.price)
        }
    }

    /// What staff finds it by; the same as the function `order_words` makes of the document.
    var searchText: String {
        var words: [String?] = lines.map(\.name)
        if let to = shippingAddress { words += [to.street, to.city, to.state, to.zipCode, to.country] }
        return words.compactMap(\.self).joined(separator: " ")
    }

    static func readLines(_ fields: inout Fields, _ currency: Currency) -> [Line] {
        fields.array("items", count: 1...100) { item in
            Line(
                productId: item.uuid("productId"), name: item.string("name", length: 1...200),
                quantity: item.integer("quantity", in: 1...Int64.max),
                price: Money(minorUnits: item.amount("price", scale: currency.exponent), currency: currency))
        }
    }

    /// - Throws: `ValidationError` or `JSONSyntaxError` when it is not a document of ours.
    init(document: [UInt8], version: Int64, paymentDueAt: Timestamp) throws {
        var fields = Fields(try JSONReader.parse(document))
        let id = fields.uuid("id")
        let userId = fields.uuid("userId")
        let currency = fields.currency("currency", default: .usd)
        let lines = Self.readLines(&fields, currency)
        let total = Money(minorUnits: fields.amount("totalAmount", scale: currency.exponent), currency: currency)
        let status = fields.choice("status", of: OrderStatus.self)
        let address = fields.optionalObject("shippingAddress") { ShippingAddress(&$0) }
        let (created, updated) = (fields.timestamp("createdAt"), fields.timestamp("updatedAt"))
        try fields.finish()
        self.init(
            id: id, userId: userId, lines: lines, total: total, shippingAddress: address, status: status,
            version: version, paymentDueAt: paymentDueAt, createdAt: created, updatedAt: updated)
    }
}
