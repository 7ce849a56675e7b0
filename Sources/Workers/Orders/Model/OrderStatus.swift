import Worker

/// Where an order is, and where it can go from there.
enum OrderStatus: String, CaseIterable, JSONWritable {
    case pending
    case confirmed
    case shipped
    case delivered
    case cancelled

    /// pending -> confirmed -> shipped -> delivered; cancelled from pending or confirmed; nothing else.
    var next: [OrderStatus] {
        switch self {
        case .pending: [.confirmed, .cancelled]
        case .confirmed: [.shipped, .cancelled]
        case .shipped: [.delivered]
        case .delivered, .cancelled: []
        }
    }

    func canBecome(_ status: OrderStatus) -> Bool { next.contains(status) }
}
