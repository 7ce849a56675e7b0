import FoundationEssentials
import Worker

/// An event as the store has it, with what is kept beside it.
struct StoredEvent {
    let version: Int64
    let type: String
    let payload: [UInt8]
    let time: Timestamp
    /// The address that came with it, as JSON.
    let address: [UInt8]?

    /// Why a history cannot be folded.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// The order that the events make, oldest first; nil when there are none.
    ///
    /// - Parameter due: when it had to be paid, for first events that are older than that member.
    static func fold(_ events: [StoredEvent], paymentDueAt due: Timestamp?) throws -> Order? {
        guard let first = events.first else { return nil }
        guard first.type == "ORDER_CREATED", first.version == 1 else {
            throw Unreadable(description: "its first event is \(first.type), version \(first.version)")
        }
        var order = try first.creation(paymentDueAt: due)
        for event in events.dropFirst() {
            guard event.version == order.version + 1 else {
                throw Unreadable(description: "version \(order.version + 1) is missing")
            }
            order.apply(try event.change(), at: event.time)
        }
        return order
    }

    private func creation(paymentDueAt due: Timestamp?) throws -> Order {
        let address = try shippingAddress()
        return try read { fields in
            let currency = fields.currency("currency")
            return Order(
                id: fields.uuid("orderId"), userId: fields.uuid("userId"), lines: Order.readLines(&fields, currency),
                total: Money(minorUnits: fields.amount("totalAmount", scale: currency.exponent), currency: currency),
                shippingAddress: address,
                paymentDueAt: fields.optionalTimestamp("paymentDueAt") ?? due ?? Timestamp(microseconds: 0), at: time)
        }
    }

    private func change() throws -> OrderChange {
        switch type {
        case "ORDER_STATUS_UPDATED": .moved(try read { $0.choice("status", of: OrderStatus.self) })
        case "ORDER_CANCELLED": .cancelled(try read { $0.choice("reason", of: CancelReason.self) })
        case "ORDER_ADDRESS_CHANGED": .addressed(try shippingAddress())
        case "ORDER_PAYMENT_EXTENDED": .payableUntil(try read { $0.timestamp("paymentDueAt") })
        default: throw Unreadable(description: "version \(version) is of the unknown type \(type)")
        }
    }

    private func shippingAddress() throws -> ShippingAddress? {
        guard let address else { return nil }
        return try Fields.read(try JSONReader.parse(address)) { ShippingAddress(&$0) }
    }

    private func read<T>(_ body: (inout Fields) -> T) throws -> T {
        var fields = Fields(try JSONReader.parse(payload))
        let result = body(&fields)
        try fields.finishIgnoringUnknown()
        return result
    }
}
