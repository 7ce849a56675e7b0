import FoundationEssentials
import Worker

/// A change of stock with its entries in the ledger: the parameters of the SQL function `move_stock`.
struct StockMovement {
    /// What happened.
    enum Kind: String {
        case restocked
        case adjusted
        /// Held stock was sold.
        case committed
        /// Held or sold stock is available again.
        case released
    }

    let kind: Kind
    /// What becomes of each of a product's numbers, as a factor of the quantity.
    var available: Int64
    var reserved: Int64
    var sold: Int64
    let actor: String?

    init(_ kind: Kind, available: Int64 = 0, reserved: Int64 = 0, sold: Int64 = 0, by caller: Caller) {
        self.kind = kind
        self.available = available
        self.reserved = reserved
        self.sold = sold
        actor = caller.actor
    }

    private static let move: Statement = "SELECT move_stock($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9)"
    private static let settle: Statement = "SELECT settle_stock($1, $2, $3, $4, $5, $6, $7, $8)"

    /// For one product, whose row the transaction has locked.
    func query(_ productId: UUID, _ quantity: Int64, reason: String? = nil, note: String? = nil) -> Query {
        Query(
            Self.move, .text(kind.rawValue), .uuids([productId]), .ints([quantity]), .int(available), .int(reserved),
            .int(sold), .text(reason), .text(note), .text(actor))
    }

    /// For all products of a reservation; locks them in the order of their ids, as `reserve` does.
    func query(_ reservation: Reservation) -> Query {
        Query(
            Self.settle, .text(kind.rawValue), .uuids(reservation.lines.map(\.productId)),
            .ints(reservation.lines.map(\.quantity)), .int(available), .int(reserved), .int(sold),
            .uuid(reservation.orderId), .text(actor))
    }
}
