import FoundationEssentials
import Worker

/// What a command does to one account: gathered after reading it, committed as a whole.
struct AccountChange {
    let account: Account
    let now = Timestamp.now()
    private(set) var effects: [Query] = []
    private(set) var events: [NewEvent] = []

    private static let move: Statement = "UPDATE users SET version = $2 WHERE id = $1"
    private static let revoke: Statement = """
        UPDATE user_sessions SET revoked = true, revoked_at = $3, revoked_reason = $4
        WHERE user_id = $1 AND id = ANY($2) AND NOT revoked
        """

    init(_ account: Account) {
        self.account = account
    }

    mutating func add(_ effect: Query) {
        effects.append(effect)
    }

    /// Appends an event of the account; each carries its id as `userId`.
    mutating func tell(_ type: String, _ fields: (inout JSONWriter) -> Void = { _ in }) {
        let version = account.version + Int64(events.count) + 1
        events.append(
            NewEvent(type, of: account.id, version: version, at: now) { json in
                json.field("userId", account.id)
                fields(&json)
            })
    }

    /// Ends the open sessions that `isEnded` names, and tells of it when there are any.
    /// - Returns: how many.
    @discardableResult
    mutating func revokeSessions(_ reason: RevocationReason, where isEnded: (UUID) -> Bool = { _ in true }) -> Int {
        let ended = account.sessions.filter(isEnded)
        guard !ended.isEmpty else { return 0 }
        add(
            Query(
                Self.revoke, .uuid(account.id), .uuids(ended), .timestamp(now.microseconds), .text(reason.rawValue)))
        tell("USER_SESSIONS_REVOKED") { json in
            json.array("sessionIds") { json in for id in ended { json.uuid(id) } }
            json.field("reason", reason.rawValue)
        }
        return ended.count
    }

    /// The effects, and that the account has the version of its last event.
    var queries: [Query] {
        guard !events.isEmpty else { return effects }
        return effects + [Query(Self.move, .uuid(account.id), .int(account.version + Int64(events.count)))]
    }
}

/// Why sessions were ended.
enum RevocationReason: String, Sendable {
    case loggedOut = "logged-out"
    case revoked
    case reuse = "refresh-token-reused"
    case passwordChanged = "password-changed"
    case suspended
    case roleChanged = "role-changed"
    case tooMany = "too-many-sessions"
}

extension Context {
    /// Reads an account, decides what to do and commits it with its events; once more when another command on the account
    /// came between. One round trip to read, one to commit, none when there is nothing to do.
    ///
    /// - Parameter decide: nil stands for no account. Runs again after a conflict.
    func change(
        _ find: @Reactor () async throws -> Account?,
        _ decide: @Reactor (inout AccountChange) throws -> Reply
    ) async throws -> Reply {
        try await retryingConflicts {
            guard let account = try await find() else {
                throw ServiceError(404, "user-not-found", "there is no such user")
            }
            var change = AccountChange(account)
            let reply = try decide(&change)
            if !change.queries.isEmpty { try await commit(change.queries, events: change.events, reply: reply) }
            return reply
        }
    }

    /// The same for the account of an id.
    func change(_ id: UUID, _ decide: @Reactor (inout AccountChange) throws -> Reply) async throws -> Reply {
        try await change({ try await Account.find(id, self) }, decide)
    }
}
