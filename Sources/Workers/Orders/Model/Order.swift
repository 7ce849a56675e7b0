import FoundationEssentials
import Worker

/// An order as its events have made it. A value: commands decide on it, events change it.
struct Order {
    struct Line {
        let productId: UUID
        let name: String
        let quantity: Int64
        let price: Money
    }

    let id: UUID
    let userId: UUID
    let lines: [Line]
    let total: Money
    let shippingAddress: ShippingAddress?
    private(set) var status: OrderStatus
    private(set) var version: Int64
    let createdAt: Timestamp
    private(set) var updatedAt: Timestamp

    /// A new order, version 1.
    init(
        id: UUID, userId: UUID, lines: [Line], total: Money, shippingAddress: ShippingAddress?, at time: Timestamp
    ) {
        self.id = id
        self.userId = userId
        self.lines = lines
        self.total = total
        self.shippingAddress = shippingAddress
        status = .pending
        version = 1
        createdAt = time
        updatedAt = time
    }

    /// The order one step on.
    func becoming(_ status: OrderStatus, at time: Timestamp) -> Order {
        var order = self
        order.status = status
        order.version += 1
        order.updatedAt = time
        return order
    }

    // MARK: - Document

    /// What a read answers.
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

    private func writeLines(to json: inout JSONWriter) {
        json.objects("items", lines) { json, line in
            json.field("productId", line.productId)
            json.field("name", line.name)
            json.field("quantity", line.quantity)
            json.field("price", line.price)
        }
    }

    /// - Throws: `ValidationError` or `JSONSyntaxError` when it is not a document of ours.
    init(document: [UInt8], version: Int64) throws {
        var fields = Fields(try JSONReader.parse(document))
        id = fields.uuid("id")
        userId = fields.uuid("userId")
        let currency = fields.currency("currency", default: .usd)
        lines = fields.array("items", count: 1...100) { item in
            Line(
                productId: item.uuid("productId"), name: item.string("name", length: 1...200),
                quantity: item.integer("quantity", in: 1...Int64.max),
                price: Money(minorUnits: item.amount("price", scale: currency.exponent), currency: currency))
        }
        total = Money(minorUnits: fields.amount("totalAmount", scale: currency.exponent), currency: currency)
        status = fields.choice("status", of: OrderStatus.self)
        shippingAddress = fields.optionalObject("shippingAddress") { ShippingAddress(&$0) }
        createdAt = fields.timestamp("createdAt")
        updatedAt = fields.timestamp("updatedAt")
        self.version = version
        try fields.finish()
    }

    // MARK: - Events

    /// The event that made the order what it is now; its version is the order's.
    func event(reason: CancelReason? = nil) -> NewEvent {
        let type =
            switch status {
            case .pending: "ORDER_CREATED"
            case .cancelled: "ORDER_CANCELLED"
            case .confirmed, .shipped, .delivered: "ORDER_STATUS_UPDATED"
            }
        return NewEvent(type, of: id, version: version, at: updatedAt) { json in
            json.field("orderId", id)
            json.field("userId", userId)
            json.field("status", status)
            if status == .pending { writeLines(to: &json) }
            json.fieldIfPresent("reason", reason)
            json.field("totalAmount", total)
            json.field("currency", total.currency)
        }
    }
}

/// Why an order was cancelled.
enum CancelReason: String, JSONWritable {
    case requested
    case paymentFailed = "payment-failed"
    case paymentOverdue = "payment-overdue"
}
