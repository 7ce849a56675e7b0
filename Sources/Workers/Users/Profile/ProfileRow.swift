import FoundationEssentials
import Worker

/// A profile as its row has it; JSON goes through as it is stored.
enum ProfileRow {
    static let columns = """
        p.avatar_url, p.bio, coalesce(p.preferences, '{}')::text, p.address::text, p.updated_at
        """

    static func reply(_ row: Row, of userId: UUID) throws -> Reply {
        Reply(
            try JSONWriter.object { json in
                json.field("userId", userId)
                json.fieldIfPresent("avatarUrl", try row.textOrNil(0))
                json.fieldIfPresent("bio", try row.textOrNil(1))
                json.field("preferences", raw: try row.bytes(2))
                if let address = try row.bytesOrNil(3) { json.field("address", raw: address) }
                json.fieldIfPresent("updatedAt", try row.timestampOrNil(4).map { Timestamp(microseconds: $0) })
            })
    }
}
