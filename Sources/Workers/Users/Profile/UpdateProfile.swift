import FoundationEssentials
import Worker

/// `users.profile.update`: a profile, as a whole; what is left out is removed.
enum UpdateProfile {
    /// No row when there is no such account.
    private static let upsert = Statement(
        """
        INSERT INTO user_profiles AS p (user_id, avatar_url, bio, preferences, address)
        SELECT u.id, $2, $3, $4::jsonb, $5::jsonb FROM users u WHERE u.id = $1 AND u.account_status <> 'deleted'
        ON CONFLICT (user_id) DO UPDATE SET avatar_url = excluded.avatar_url, bio = excluded.bio,
            preferences = excluded.preferences, address = excluded.address
        RETURNING \(ProfileRow.columns)
        """)

    static let endpoint = Endpoint("users.profile.update") { fields in
        (id: fields.uuid("id"), profile: Profile(&fields))
    } _: { request, context in
        try context.caller.mayChange(request.id)
        let profile = request.profile
        let rows: Rows
        do {
            rows = try await context.query(
                upsert, .uuid(request.id), .text(profile.avatarUrl), .text(profile.bio), .json(profile.preferences),
                .json(profile.address?.json))
        } catch let error as PostgresError where error.sqlState?.hasPrefix("22") == true {
            // What JSON can say and Postgres cannot keep: U+0000 in texts, numbers of any size.
            throw ServiceError.invalid("/preferences", "expected texts without U+0000 and numbers of a usual size")
        }
        guard let row = rows.first else { throw Caller.notFound(request.id) }
        return try ProfileRow.reply(row, of: request.id)
    }
}
