import FoundationEssentials
import Worker

/// A notification that is due, claimed by this instance for the time of a lease.
struct PendingMail: Sendable {
    let id: UUID
    let eventId: UUID
    let userId: UUID
    let template: String
    let subject: String
    let body: String
    let createdAt: Timestamp
    /// Of this attempt, from 1.
    let attempt: Int64
    /// Nil when no event has told of the account yet.
    var recipient: Recipient?

    /// Under `SKIP LOCKED` and with a lease, each row is with one instance at a time. An instance that dies leaves it to
    /// the others when the lease is over.
    static let claim: Statement = """
        WITH due AS (
            SELECT id, user_id FROM notifications WHERE status = 'pending' AND next_attempt_at <= now()
            ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        UPDATE notifications SET attempts = attempts + 1, next_attempt_at = now() + interval '15 seconds'
        FROM due LEFT JOIN recipients USING (user_id) WHERE notifications.id = due.id
        RETURNING notifications.id, event_id, notifications.user_id, template, subject, body, notifications.created_at,
            attempts, email, first_name, last_name
        """

    init(_ row: Row) throws {
        id = try row.uuid(0)
        eventId = try row.uuid(1)
        userId = try row.uuid(2)
        template = try row.text(3)
        subject = try row.text(4)
        body = try row.text(5)
        createdAt = Timestamp(microseconds: try row.timestamp(6))
        attempt = try row.int(7)
        if let email = try row.textOrNil(8) {
            recipient = Recipient(email: email, firstName: try row.text(9), lastName: try row.text(10))
        }
    }

    /// Names the mail wherever it is: the event and the template, which are the same each time it is rendered.
    private var name: String { "\(eventId.text)-\(template)" }

    /// - Returns: nil when the recipient's address is none.
    func file(to recipient: Recipient, from: MailAddress) -> MailFolder.File? {
        guard let to = MailAddress(name: recipient.fullName, address: recipient.email) else { return nil }
        let message = MailMessage(
            from: from, to: to, subject: subject, date: createdAt, id: "\(eventId.text).\(template)@flotilla",
            text: Letter.complete(body, firstName: recipient.firstName))
        return MailFolder.File(name: name + ".eml", attempt: attempt, bytes: message.rendered())
    }
}

/// Somebody to write to.
struct Recipient: Sendable, Equatable {
    let email: String
    let firstName: String
    let lastName: String

    var fullName: String { "\(firstName) \(lastName)" }
}
