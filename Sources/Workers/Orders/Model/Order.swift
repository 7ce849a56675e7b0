import FoundationEssentials
import Worker

/// An order as its events have made it. A value: commands decide on it, events change it.
struct Order: Sendable {
    struct Line: Sendable {
        let productId: UUID
        let name: String
        let quantity: Int64
        let price: Money
    }

    let id: UUID
    let userId: UUID
    let lines: [Line]
    let total: Money
    private(set) var shippingAddress: ShippingAddress?
    private(set) var status: OrderStatus
    private(set) var version: Int64
    /// A pending order that is not paid by then is cancelled.
    private(set) var paymentDueAt: Timestamp
    let createdAt: Timestamp
    private(set) var updatedAt: Timestamp

    /// A new order, version 1.
    init(
        id: UUID, userId: UUID, lines: [Line], total: Money, shippingAddress: ShippingAddress?,
        paymentDueAt: Timestamp, at time: Timestamp
    ) {
        self.init(
            id: id, userId: userId, lines: lines, total: total, shippingAddress: shippingAddress, status: .pending,
            version: 1, paymentDueAt: paymentDueAt, createdAt: time, updatedAt: time)
    }

    init(
        id: UUID, userId: UUID, lines: [Line], total: Money, shippingAddress: ShippingAddress?, status: OrderStatus,
        version: Int64, paymentDueAt: Timestamp, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.userId = userId
        self.lines = lines
        self.total = total
        self.shippingAddress = shippingAddress
        self.status = status
        self.version = version
        // As exact as the events say it.
        self.paymentDueAt = Timestamp(milliseconds: paymentDueAt.milliseconds)
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Takes one more event; whether it may happen was decided before.
    mutating func apply(_ change: OrderChange, at time: Timestamp) {
        version += 1
        switch change {
        case .moved(let status):
            self.status = status
            updatedAt = time
        case .cancelled:
            status = .cancelled
            updatedAt = time
        case .addressed(let address):
            shippingAddress = address
            updatedAt = time
        case .payableUntil(let due): paymentDueAt = Timestamp(milliseconds: due.milliseconds)
        }
    }
}
