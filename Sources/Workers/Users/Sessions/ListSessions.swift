import FoundationEssentials
import Worker

/// `users.sessions.list`: an account's open sessions, the latest first, for its owner and staff.
enum ListSessions {
    /// A row without a session says that there is the account.
    private static let select: Statement = """
        SELECT s.id, host(s.ip_address), s.device_info ->> 'agent', s.created_at, s.last_seen_at, s.expires_at
        FROM users u LEFT JOIN LATERAL (
            SELECT * FROM user_sessions s WHERE s.user_id = u.id AND NOT s.revoked AND s.expires_at > now()
            ORDER BY s.id DESC LIMIT 100
        ) s ON true
        WHERE u.id = $1 AND u.account_status <> 'deleted' ORDER BY s.id DESC
        """

    static let endpoint = Endpoint("users.sessions.list", { (fields: inout Fields) in fields.uuid("id") }) {
        id, context in
        try context.caller.maySee(id)
        let rows = try await context.query(select, .uuid(id))
        guard !rows.isEmpty else { throw Caller.notFound(id) }
        let current = context.visitor.session
        return Reply(
            try JSONWriter.object(capacity: 256 * rows.count) { json in
                try json.array("sessions") { json in
                    for row in rows {
                        guard let session = try row.uuidOrNil(0) else { continue }
                        try json.object { json in
                            json.field("id", session)
                            json.fieldIfPresent("ip", try row.textOrNil(1))
                            json.fieldIfPresent("device", try row.textOrNil(2))
                            json.field("createdAt", Timestamp(microseconds: try row.timestamp(3)))
                            json.field("lastSeenAt", Timestamp(microseconds: try row.timestamp(4)))
                            json.field("expiresAt", Timestamp(microseconds: try row.timestamp(5)))
                            json.field("current", session == current)
                        }
                    }
                }
            })
    }
}
