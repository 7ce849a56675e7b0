import FoundationEssentials
import Worker

/// `notifications.resend`: the same notification is due once more. Its dead letter, where there is one, counts as replayed.
enum ResendNotification {
    private static let limit: Int64 = 5

    /// Waits for whoever changes the row, so that it tells what the update then met.
    private static let lock: Statement = """
        SELECT status, resends FROM notifications WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2) FOR UPDATE
        """
    private static let resend = Statement(
        """
        UPDATE notifications
        SET status = 'pending', sent_at = NULL, failed_at = NULL, error = NULL, resends = resends + 1,
            earlier_attempts = earlier_attempts + attempts, attempts = 0, next_attempt_at = now()
        WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2) AND status <> 'pending' AND resends < $3
        RETURNING \(NotificationDocument.columns)
        """)
    private static let replayed: Statement = """
        UPDATE dead_letters SET replayed_at = now()
        WHERE headers->>'notificationId' = $1 AND stream = 'notifications' AND replayed_at IS NULL
        """

    /// - Parameter nudge: called when something has become due.
    static func endpoint(_ nudge: @escaping @Reactor @Sendable (Context) -> Void) -> Endpoint {
        Endpoint("notifications.resend") {
            $0.uuid("id")
        } _: { id, context in
            let owner = context.caller.confinedTo
            let reply = try await context.commit { transaction in
                let results = try await transaction.batch([
                    Query(lock, .uuid(id), .uuid(owner)), Query(resend, .uuid(id), .uuid(owner), .int(limit)),
                ])
                guard let before = results[0].first else { throw ServiceError.noNotification(id) }
                guard let row = results[1].first else {
                    throw try before.text(0) == "pending"
                        ? ServiceError(409, "notification-pending", "the notification is on its way already")
                        : ServiceError(409, "resent-too-often", "the notification was sent again \(limit) times")
                }
                let notification = try NotificationDocument(row)
                return (
                    [Query(replayed, .text(id.text))],
                    .object { notification.write(to: &$0, for: context.caller) }
                )
            }
            nudge(context)
            return reply
        }
    }
}
