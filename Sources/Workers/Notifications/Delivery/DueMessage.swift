import FoundationEssentials
import Worker

/// A message that is due, claimed by this instance for the time of a lease.
struct DueMessage: Sendable {
    let id: UUID
    let eventId: UUID
    let userId: UUID
    let orderId: UUID?
    /// The template's; a row of a later version may name one that this version does not have.
    let templateName: String
    let subject: String
    var data: JSONObject
    /// The words, in a row of the version before templates; nil otherwise.
    let oldText: String?
    let createdAt: Timestamp
    /// Of this attempt, from 1.
    let attempt: Int64
    /// How often it was asked for again.
    let resends: Int64
    /// Whether its recipient has ended messages of its kind.
    let isUnwanted: Bool
    /// Nil when no event has told of the account yet.
    var recipient: Recipient?

    var template: TemplateName? { TemplateName(rawValue: templateName) }

    /// Under `SKIP LOCKED` and with a lease, each row is with one instance at a time. An instance that dies leaves it to
    /// the others when the lease is over.
    static let claim: Statement = """
        WITH due AS (
            SELECT id, user_id, kind, channel FROM notifications
            WHERE status = 'pending' AND channel = $1 AND next_attempt_at <= now()
            ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE notifications n
        SET attempts = attempts + 1, next_attempt_at = now() + $3::bigint * interval '1 millisecond'
        FROM due LEFT JOIN recipients r USING (user_id)
            LEFT JOIN preferences p ON p.user_id = due.user_id AND p.kind = due.kind AND p.channel = due.channel
        WHERE n.id = due.id
        RETURNING n.id, n.event_id, n.user_id, n.order_id, n.template, n.subject, n.data::text, n.body, n.created_at,
            n.attempts, n.resends, coalesce(NOT p.enabled, false),
            CASE WHEN n.kind = 'staff' THEN n.recipient ELSE r.email END, r.first_name, r.last_name
        """

    init(_ row: Row) throws {
        id = try row.uuid(0)
        eventId = try row.uuid(1)
        userId = try row.uuid(2)
        orderId = try row.uuidOrNil(3)
        templateName = try row.text(4)
        subject = try row.text(5)
        let json = try row.textOrNil(6).map { try JSONReader.parse(Array($0.utf8)) }
        data = json?.object ?? JSONObject()
        oldText = json == nil ? try row.textOrNil(7) : nil
        createdAt = Timestamp(microseconds: try row.timestamp(8))
        attempt = try row.int(9)
        resends = try row.int(10)
        isUnwanted = try row.bool(11)
        if let email = try row.textOrNil(12) {
            recipient = Recipient(
                email: email, firstName: try row.textOrNil(13) ?? "", lastName: try row.textOrNil(14) ?? "")
        }
    }

    /// Tells this time that it goes out from those before: nothing, then `.2`, `.3` …
    var turn: String { resends == 0 ? "" : ".\(resends + 1)" }
}

/// Somebody to write to.
struct Recipient: Sendable, Equatable {
    let email: String
    let firstName: String
    let lastName: String

    var fullName: String { "\(firstName) \(lastName)" }
}
