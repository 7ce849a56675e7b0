/// What became of the latest deliveries, for `GET /sim/webhooks`.
struct DeliveryLog: Sendable {
    enum State: String, Sendable {
        case pending, delivered, failed, dropped
        /// There is nowhere to deliver it, or this type is not wanted.
        case skipped
    }

    struct Entry: Sendable {
        var eventId: String
        var type: String
        var state: State = .pending
        var attempts = 0
        var lastStatus: Int?
        var lastError: String?
    }

    private var entries: [String: Entry] = [:]
    private var order: ArraySlice<String> = []

    static let limit = 1_000

    mutating func update(_ id: String, type: String, _ change: (inout Entry) -> Void) {
        if entries[id] == nil { order.append(id) }
        change(&entries[id, default: Entry(eventId: id, type: type)])
        while order.count > Self.limit, let oldest = order.popFirst() { entries[oldest] = nil }
    }

    /// Oldest first.
    var json: JSONValue {
        .array(
            order.compactMap { entries[$0] }.map { entry in
                [
                    "eventId": .string(entry.eventId), "type": .string(entry.type),
                    "state": .string(entry.state.rawValue), "attempts": .int(Int64(entry.attempts)),
                    "lastStatus": JSONValue(entry.lastStatus.map(Int64.init)), "lastError": JSONValue(entry.lastError),
                ]
            })
    }
}
