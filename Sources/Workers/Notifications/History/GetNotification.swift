import FoundationEssentials
import Worker

/// `notifications.get`: one notification, for the one whom it is for and for staff.
enum GetNotification {
    private static let select = Statement(
        """
        SELECT \(NotificationDocument.columns) FROM notifications WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2)
        """)

    static let endpoint = Endpoint("notifications.get") {
        $0.uuid("id")
    } _: { id, context in
        guard let row = try await context.query(select, .uuid(id), .uuid(context.caller.confinedTo)).first else {
            throw ServiceError.noNotification(id)
        }
        let notification = try NotificationDocument(row)
        return .object { notification.write(to: &$0, for: context.caller) }
    }
}
