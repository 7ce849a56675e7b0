import FoundationEssentials
import Worker

/// The preferences of one customer in the database.
struct PreferenceBook: Sendable {
    let userId: UUID

    private static let select: Statement = "SELECT kind, channel, enabled FROM preferences WHERE user_id = $1"
    private static let upsert: Statement = """
        INSERT INTO preferences (user_id, kind, channel, enabled)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bool[])
        ON CONFLICT (user_id, kind, channel) DO UPDATE SET enabled = excluded.enabled, updated_at = now()
        """

    var reading: Query { Query(Self.select, .uuid(userId)) }

    /// - Parameter preferences: none twice.
    func writing(_ preferences: [Preference]) -> Query {
        Query(
            Self.upsert, .uuid(userId), .texts(preferences.map(\.kind.rawValue)),
            .texts(preferences.map(\.channel.rawValue)), .bools(preferences.map(\.isEnabled)))
    }

    /// - Parameter rows: of ``reading``.
    func reply(_ rows: Rows) throws -> Reply {
        var chosen: [String: Bool] = [:]
        for row in rows { chosen["\(try row.text(0)) \(try row.text(1))"] = try row.bool(2) }
        return .object { json in
            json.field("userId", userId)
            json.objects("preferences", Preference.all) { json, preference in
                json.field("kind", preference.kind.rawValue)
                json.field("channel", preference.channel.rawValue)
                json.field(
                    "enabled",
                    chosen["\(preference.kind.rawValue) \(preference.channel.rawValue)"] ?? preference.isEnabled)
            }
        }
    }
}
