import FoundationEssentials
import Worker

/// Turns an event into the rows of what is to be told about it, in the event's transaction: one for each recipient and channel.
///
/// Whether the recipient is known does not matter here: the streams are independent, so an order's event may well come
/// before the one of the account. The delivery finds out.
struct Intake: Sendable {
    let templates: Templates
    let channels: [Channel]
    /// Addresses of those who run the shop.
    let staff: [MailAddress]

    private static let insert: Statement = """
        INSERT INTO notifications
            (id, event_id, user_id, order_id, channel, template, kind, subject, data, recipient, created_at)
        SELECT unnest($1::uuid[]), $2, unnest($3::uuid[]), $4, unnest($5::text[]), $6, $7, $8, $9,
               nullif(unnest($10::text[]), ''), $11
        ON CONFLICT (event_id, user_id, channel) DO NOTHING
        """

    /// - Returns: whether something is to be delivered.
    @Reactor
    func take(_ event: ReceivedEvent, _ effects: EventTransaction) async throws -> Bool {
        let isAccount = event.type == "USER_CREATED" || event.type == "USER_UPDATED"
        var queries = isAccount ? [try event.read { Account(&$0) }.remembering] : []
        if let notice = try Notices.notice(of: event),
            let insertion = insertion(of: notice, eventId: event.id, at: event.time)
        {
            queries.append(insertion)
        }
        guard !queries.isEmpty else { return false }
        return try await effects.batch(queries).last?.affected ?? 0 > 0
    }

    /// Nil when there is nobody to tell.
    func insertion(of notice: Notice, eventId: UUID, at time: Timestamp) -> Query? {
        let rows = rows(notice)
        guard !rows.isEmpty else { return nil }
        return Query(
            Self.insert, .uuids(rows.map { _ in UUIDv7.next() }), .uuid(eventId), .uuids(rows.map(\.userId)),
            .uuid(notice.orderId), .texts(rows.map(\.channel.rawValue)), .text(notice.template.rawValue),
            .text(notice.template.kind.rawValue), .text(templates.subject(notice.template, notice.data)),
            .json(JSONValue.object(notice.data).bytes), .texts(rows.map(\.address)), .timestamp(time.microseconds))
    }

    /// The address is empty where it is looked up at delivery.
    private func rows(_ notice: Notice) -> [(userId: UUID, channel: Channel, address: String)] {
        switch notice.audience {
        // A secret is for its owner's eyes only.
        case .user(let id) where notice.template.secretPage != nil: [(id, .email, "")]
        case .user(let id): channels.map { (id, $0, "") }
        case .staff: staff.map { ($0.id, .email, $0.address) }
        }
    }
}
