import FoundationEssentials
import Worker

/// What a login needs of an account's row.
struct Account: Sendable {
    let id: UUID
    let email: String
    let passwordHash: String
    let firstName: String
    let lastName: String
    let status: String
    /// Of its last event.
    let version: Int64

    private static let select: Statement = """
        SELECT id, email, password_hash, first_name, last_name, account_status, version FROM users
        WHERE lower(email) = $1 AND account_status <> 'deleted'
        """

    /// - Parameter email: in lower case.
    @Reactor
    static func find(email: String, _ context: Context) async throws -> Account? {
        try await context.query(select, .text(email)).first.map { try Account($0) }
    }

    private init(_ row: Row) throws {
        id = try row.uuid(0)
        email = try row.text(1)
        passwordHash = try row.text(2)
        firstName = try row.text(3)
        lastName = try row.text(4)
        status = try row.text(5)
        version = try row.int(6)
    }

    func mayLogIn() throws(ServiceError) {
        guard status == "active" else {
            throw ServiceError(403, "account-suspended", "this account is suspended; please write to us")
        }
    }
}
