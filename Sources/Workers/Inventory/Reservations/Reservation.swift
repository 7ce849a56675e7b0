import FoundationEssentials
import Worker

/// The stock held or taken for one order.
struct Reservation {
    enum State: String, JSONWritable {
        case held
        case committed
        case released
    }

    struct Line {
        let productId: UUID
        let name: String
        let quantity: Int64
        let price: Money
    }

    let orderId: UUID
    let state: State
    let version: Int64
    let lines: [Line]
    let currency: Currency

    static let columns = "order_id, state, version, product_ids, names, quantities, prices, currency"

    init(orderId: UUID, state: State, version: Int64, lines: [Line], currency: Currency) {
        self.orderId = orderId
        self.state = state
        self.version = version
        self.lines = lines
        self.currency = currency
    }

    /// - Parameter row: ``columns`` in their order.
    init(_ row: Row) throws {
        orderId = try row.uuid(0)
        state = try State(rawValue: row.text(1)) ?? .released
        version = try row.int(2)
        let currency = try Currency(stored: row.text(7))
        self.currency = currency
        let (names, quantities, prices) = (try row.texts(4), try row.ints(5), try row.ints(6))
        lines = try row.uuids(3).enumerated().map { index, id in
            Line(
                productId: id, name: names[index], quantity: quantities[index],
                price: Money(minorUnits: prices[index], currency: currency))
        }
    }

    /// What the reservation costs; nil when that does not fit.
    var total: Money? {
        lines.reduce(Optional(Money(minorUnits: 0, currency: currency))) { sum, line in
            line.price.multiplied(by: line.quantity).flatMap { sum?.adding($0) }
        }
    }

    func write(to json: inout JSONWriter) {
        json.field("orderId", orderId)
        json.field("state", state)
        json.objects("items", lines) { json, line in
            json.field("productId", line.productId)
            json.field("name", line.name)
            json.field("quantity", line.quantity)
            json.field("price", line.price)
        }
        json.field("totalAmount", total)
        json.field("currency", currency)
    }

    func event(_ type: String, version: Int64) -> NewEvent {
        NewEvent(type, of: orderId, version: version) { json in
            json.field("orderId", orderId)
            json.objects("items", lines) { json, line in
                json.field("productId", line.productId)
                json.field("quantity", line.quantity)
            }
        }
    }
}
