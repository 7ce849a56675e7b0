import FoundationEssentials
import Worker

/// An account's row.
struct Account: Sendable {
    let id: UUID
    let email: String
    let passwordHash: String
    let firstName: String
    let lastName: String
    let status: String
    /// Of its last event.
    let version: Int64
    let role: TokenSigner.Role
    let emailVerified: Bool
    /// `2000-01-31`
    let dateOfBirth: String?
    let phone: String?
    let createdAt: Timestamp
    let lastLogin: Timestamp?
    /// Why staff suspended it.
    let suspendedBecause: String?
    /// Its sessions that are neither revoked nor expired.
    let sessions: [UUID]

    /// What `init(_:from:)` takes.
    static let columns = """
        u.id, u.email, u.password_hash, u.first_name, u.last_name, u.account_status, u.version, u.role,
        u.email_verified, u.date_of_birth::text, u.phone, u.created_at, u.last_login, u.suspended_because,
        ARRAY(SELECT s.id FROM user_sessions s WHERE s.user_id = u.id AND NOT s.revoked AND s.expires_at > now()
            ORDER BY s.id) AS sessions
        """

    private static let byEmail = Statement(
        "SELECT \(columns) FROM users u WHERE lower(u.email) = $1 AND u.account_status <> 'deleted'")
    private static let byId = Statement(
        "SELECT \(columns) FROM users u WHERE u.id = $1 AND u.account_status <> 'deleted'")

    /// - Parameter email: in lower case.
    @Reactor
    static func find(email: String, _ context: Context) async throws -> Account? {
        try await context.query(byEmail, .text(email)).first.map { try Account($0) }
    }

    @Reactor
    static func find(_ id: UUID, _ context: Context) async throws -> Account? {
        try await context.query(byId, .uuid(id)).first.map { try Account($0) }
    }

    /// - Parameter offset: the column where ``columns`` begin.
    init(_ row: Row, from offset: Int = 0) throws {
        id = try row.uuid(offset)
        email = try row.text(offset + 1)
        passwordHash = try row.text(offset + 2)
        firstName = try row.text(offset + 3)
        lastName = try row.text(offset + 4)
        status = try row.text(offset + 5)
        version = try row.int(offset + 6)
        role = try row.text(offset + 7) == TokenSigner.Role.staff.rawValue ? .staff : .customer
        emailVerified = try row.bool(offset + 8)
        dateOfBirth = try row.textOrNil(offset + 9)
        phone = try row.textOrNil(offset + 10)
        createdAt = Timestamp(microseconds: try row.timestamp(offset + 11))
        lastLogin = try row.timestampOrNil(offset + 12).map { Timestamp(microseconds: $0) }
        suspendedBecause = try row.textOrNil(offset + 13)
        sessions = try row.uuids(offset + 14)
    }

    func mayLogIn() throws(ServiceError) {
        guard status == "active" else {
            throw ServiceError(403, "account-suspended", "this account is suspended; please write to us")
        }
    }
}
