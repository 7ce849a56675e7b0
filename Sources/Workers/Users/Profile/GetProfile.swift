import FoundationEssentials
import Worker

/// `users.profile.get`: a profile, for its owner, staff and workers; an empty one until there is another.
enum GetProfile {
    private static let select = Statement(
        """
        SELECT \(ProfileRow.columns)
        FROM users u LEFT JOIN user_profiles p ON p.user_id = u.id WHERE u.id = $1 AND u.account_status <> 'deleted'
        """)

    static let endpoint = Endpoint("users.profile.get", { (fields: inout Fields) in fields.uuid("id") }) {
        id, context in
        try context.caller.maySee(id)
        guard let row = try await context.query(select, .uuid(id)).first else { throw Caller.notFound(id) }
        return try ProfileRow.reply(row, of: id)
    }
}
