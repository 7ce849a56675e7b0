import FoundationEssentials
import Worker

/// The mails about one order, for its timeline: that and when they went out, not what they say or to whom.
enum MailTimeline {
    private static let select: Statement = """
        SELECT coalesce(sent_at, created_at), 'mail', template,
               json_strip_nulls(json_build_object(
                   'notificationId', id, 'causedBy', event_id, 'status', status, 'channel', channel,
                   'attempts', attempts, 'error', error))
        FROM notifications WHERE order_id = $1 ORDER BY id LIMIT 300
        """

    static func query(of orderId: UUID) -> Query { Query(select, .uuid(orderId)) }
}
