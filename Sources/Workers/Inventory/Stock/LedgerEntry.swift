import FoundationEssentials
import Worker

/// One change of a product's stock.
struct LedgerEntry {
    let id: Int64
    let kind: String
    /// By how much each number changed.
    let available: Int64
    let reserved: Int64
    let sold: Int64
    let orderId: UUID?
    let reason: String?
    let note: String?
    let actor: String?
    let at: Timestamp

    /// - Parameter row: the columns in this order.
    init(_ row: Row) throws {
        id = try row.int(0)
        kind = try row.text(1)
        available = try row.int(2)
        reserved = try row.int(3)
        sold = try row.int(4)
        orderId = try row.uuidOrNil(5)
        reason = try row.textOrNil(6)
        note = try row.textOrNil(7)
        actor = try row.textOrNil(8)
        at = Timestamp(microseconds: try row.timestamp(9))
    }

    func write(to json: inout JSONWriter) {
        json.field("id", id)
        json.field("kind", kind)
        json.field("stock", available)
        json.field("reserved", reserved)
        json.field("sold", sold)
        json.fieldIfPresent("orderId", orderId)
        json.fieldIfPresent("reason", reason)
        json.fieldIfPresent("note", note)
        json.fieldIfPresent("actor", actor)
        json.field("at", at)
    }
}
