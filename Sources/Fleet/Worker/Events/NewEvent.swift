public import JSON

public import struct FoundationEssentials.UUID

/// An event to be appended, in the transaction that changes the state it tells of.
public struct NewEvent: Sendable {
    /// Also the `Nats-Msg-Id` and the CloudEvents id.
    public let id: UUID
    public let aggregateId: UUID
    /// The version that the aggregate has after it: the one before plus 1. That a version exists but once is what makes
    /// two commands on one aggregate exclude each other.
    public let version: Int64
    /// `ORDER_CREATED`
    public let type: String
    public let time: Timestamp
    /// A JSON object: `eventType`, the worker's fields, `timestamp`.
    public let payload: [UInt8]

    /// - Parameter fields: writes the members between `eventType` and `timestamp`.
    public init(
        _ type: String, of aggregateId: UUID, version: Int64, at time: Timestamp = .now(),
        _ fields: (inout JSONWriter) -> Void
    ) {
        id = UUIDv7.next()
        self.aggregateId = aggregateId
        self.version = version
        self.type = type
        self.time = time
        payload = JSONWriter.object { json in
            json.field("eventType", type)
            fields(&json)
            json.field("timestamp", time)
        }
    }
}
