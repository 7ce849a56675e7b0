import FoundationEssentials
import Worker

/// A notification as callers see it, read from a row.
struct NotificationDocument: Sendable {
    /// Of `notifications`, in the order in which ``init(_:)`` reads them.
    static let columns = """
        id, event_id, user_id, order_id, template, subject, status, channel, earlier_attempts + attempts, resends, error,
        created_at, sent_at
        """

    let id: UUID
    private let eventId: UUID
    private let userId: UUID
    private let orderId: UUID?
    private let template: String
    private let subject: String
    private let status: String
    private let channel: String
    private let attempts: Int64
    private let resends: Int64
    private let error: String?
    private let createdAt: Timestamp
    private let sentAt: Timestamp?

    init(_ row: Row) throws {
        id = try row.uuid(0)
        eventId = try row.uuid(1)
        userId = try row.uuid(2)
        orderId = try row.uuidOrNil(3)
        template = try row.text(4)
        subject = try row.text(5)
        status = try row.text(6)
        channel = try row.text(7)
        attempts = try row.int(8)
        resends = try row.int(9)
        error = try row.textOrNil(10)
        createdAt = Timestamp(microseconds: try row.timestamp(11))
        sentAt = try row.timestampOrNil(12).map { Timestamp(microseconds: $0) }
    }

    /// What servers answered is for those who run the shop.
    func write(to json: inout JSONWriter, for caller: Caller) {
        json.field("id", id)
        json.field("eventId", eventId)
        json.field("userId", userId)
        json.fieldIfPresent("orderId", orderId)
        json.field("template", template)
        json.field("subject", subject)
        json.field("status", status)
        json.field("channel", channel)
        json.field("attempts", attempts)
        json.field("resends", resends)
        if caller.confinedTo == nil { json.fieldIfPresent("error", error) }
        json.field("createdAt", createdAt)
        json.fieldIfPresent("sentAt", sentAt)
    }
}

extension ServiceError {
    static func noNotification(_ id: UUID) -> ServiceError {
        ServiceError(404, "notification-not-found", "there is no notification \(id.text)")
    }
}
