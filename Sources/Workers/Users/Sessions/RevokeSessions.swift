import FoundationEssentials
import Worker

/// `users.sessions.revoke` ends one session of an account, `users.sessions.clear` all but the one that asks.
enum RevokeSessions {
    static let one = Endpoint("users.sessions.revoke") { fields in
        (id: fields.uuid("id"), session: fields.uuid("sessionId"))
    } _: { request, context in
        try context.caller.mayChange(request.id)
        return try await context.change(request.id) { change in
            guard change.revokeSessions(.revoked, where: { $0 == request.session }) == 1 else {
                throw ServiceError(404, "session-not-found", "the account has no open session of this id")
            }
            return .object { $0.field("revoked", 1) }
        }
    }

    static let others = Endpoint("users.sessions.clear", { (fields: inout Fields) in fields.uuid("id") }) {
        id, context in
        try context.caller.mayChange(id)
        let current = context.visitor.session
        return try await context.change(id) { change in
            let count = change.revokeSessions(.revoked) { $0 != current }
            return .object { $0.field("revoked", count) }
        }
    }
}
