import FoundationEssentials
import Worker

/// Turns an event into the row of what is to be written about it, in the event's transaction.
///
/// Whether the recipient is known does not matter here: the streams are independent, so an order's event may well come
/// before the one of the account. The delivery finds out.
@Reactor
struct Intake {
    let effects: EventTransaction
    let delivery: MailDelivery

    private static let insert: Statement = """
        INSERT INTO notifications (id, event_id, user_id, order_id, channel, template, subject, body, created_at)
        VALUES ($1, $2, $3, $4, 'email', $5, $6, $7, $8) ON CONFLICT (event_id, user_id, channel) DO NOTHING
        """
    private static let remember: Statement = """
        INSERT INTO recipients (user_id, email, first_name, last_name) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id) DO UPDATE
        SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name, updated_at = now()
        """

    func take(_ event: ReceivedEvent) async throws {
        guard let template = try Templates.template(for: event) else { return }
        if let welcome = template as? Welcome { try await remember(welcome) }
        var letter = Letter()
        template.write(to: &letter)
        let rows = try await effects.query(
            Self.insert, .uuid(UUIDv7.next()), .uuid(event.id), .uuid(template.userId), .uuid(template.orderId),
            .text(type(of: template).name), .text(template.subject), .text(letter.text),
            .timestamp(event.time.microseconds))
        guard rows.affected > 0 else { return }
        let (delivery, context) = (delivery, effects.context)
        effects.afterCommit { delivery.nudge(context) }
    }

    private func remember(_ user: Welcome) async throws {
        _ = try await effects.query(
            Self.remember, .uuid(user.userId), .text(user.email), .text(user.firstName), .text(user.lastName))
    }
}
