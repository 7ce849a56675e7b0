import FoundationEssentials
import Worker

/// `users.get`: one account, for itself and for staff.
enum UserRecord {
    private static let select: Statement = """
        SELECT id, email, first_name, last_name, created_at, last_login FROM users
        WHERE id = $1 AND ($2::uuid IS NULL OR id = $2) AND account_status <> 'deleted'
        """

    static func endpoint() -> Endpoint {
        Endpoint("users.get", { (fields: inout Fields) in fields.uuid("id") }) { id, context in
            let rows = try await context.query(select, .uuid(id), .uuid(context.caller.confinedTo))
            guard let row = rows.first else {
                throw ServiceError(404, "user-not-found", "there is no user \(id.text)")
            }
            return try reply(row)
        }
    }

    private static func reply(_ row: Row) throws -> Reply {
        let lastLogin = try row.timestampOrNil(5).map { Timestamp(microseconds: $0) }
        return Reply(
            try JSONWriter.object { json in
                json.field("id", try row.uuid(0))
                json.field("email", try row.text(1))
                json.field("firstName", try row.text(2))
                json.field("lastName", try row.text(3))
                json.field("createdAt", Timestamp(microseconds: try row.timestamp(4)))
                json.fieldIfPresent("lastLogin", lastLogin)
            })
    }
}
