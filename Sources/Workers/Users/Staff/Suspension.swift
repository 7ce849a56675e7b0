import FoundationEssentials
import Worker

/// `users.suspend` and `users.reinstate`: an account that nobody can sign in to, with the reason that staff gave. Either says
/// the same when it is so already.
enum Suspension {
    private static let update: Statement = """
        UPDATE users SET account_status = $2, suspended_because = $3 WHERE id = $1
        """

    static let suspend = Endpoint("users.suspend") { fields in
        (id: fields.uuid("id"), reason: fields.string("reason", length: 1...500))
    } _: { request, context in
        guard context.caller.account != request.id else {
            throw ServiceError(409, "own-account", "nobody suspends their own account")
        }
        return try await set(request.id, "suspended", request.reason, "USER_SUSPENDED", context)
    }

    static let reinstate = Endpoint("users.reinstate", { (fields: inout Fields) in fields.uuid("id") }) {
        try await set($0, "active", nil, "USER_REINSTATED", $1)
    }

    @Reactor
    private static func set(
        _ id: UUID, _ status: String, _ reason: String?, _ event: String, _ context: Context
    ) async throws -> Reply {
        try await context.change(id) { change in
            if change.account.status != status {
                change.add(Query(update, .uuid(id), .text(status), .text(reason)))
                change.tell(event)
                if status == "suspended" { change.revokeSessions(.suspended) }
            }
            return .object { json in
                json.field("id", id)
                json.field("status", status)
            }
        }
    }
}
