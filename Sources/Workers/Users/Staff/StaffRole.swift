import FoundationEssentials
import Worker

/// `users.staff.grant` and `users.staff.revoke`: who is staff. The role is in the tokens: it shows in those that are given out
/// afterwards, and whoever is no longer staff has to sign in anew.
enum StaffRole {
    private static let update: Statement = "UPDATE users SET role = $2 WHERE id = $1"

    static let grant = Endpoint("users.staff.grant", { (fields: inout Fields) in fields.uuid("id") }) {
        try await set($0, .staff, $1)
    }

    static let revoke = Endpoint("users.staff.revoke", { (fields: inout Fields) in fields.uuid("id") }) {
        id, context in
        guard context.caller.account != id else {
            throw ServiceError(409, "own-account", "nobody takes the role from themselves; ask another member of staff")
        }
        return try await set(id, .customer, context)
    }

    @Reactor
    private static func set(_ id: UUID, _ role: TokenSigner.Role, _ context: Context) async throws -> Reply {
        try await context.change(id) { change in
            if change.account.role != role {
                change.add(Query(update, .uuid(id), .text(role.rawValue)))
                change.tell("USER_ROLE_CHANGED") { $0.field("role", role.rawValue) }
                if role == .customer { change.revokeSessions(.roleChanged) }
            }
            return .object { json in
                json.field("id", id)
                json.field("role", role.rawValue)
            }
        }
    }
}
