import FoundationEssentials
import Worker

/// What the events of an account say of its owner.
struct Account: Sendable {
    let userId: UUID
    let email: String
    let firstName: String
    let lastName: String

    init(_ fields: inout Fields) {
        userId = fields.uuid("userId")
        email = fields.email("email")
        firstName = fields.string("firstName", length: 1...100)
        lastName = fields.string("lastName", length: 1...100)
    }

    private static let remember: Statement = """
        INSERT INTO recipients (user_id, email, first_name, last_name) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id) DO UPDATE
        SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name, updated_at = now()
        """

    var remembering: Query {
        Query(Self.remember, .uuid(userId), .text(email), .text(firstName), .text(lastName))
    }
}
