import FoundationEssentials
import Worker

/// `users.logout`: ends the session that asks, or all of its account.
///
/// Which session that is, a refresh token says, or the access token. Both work when the other has expired.
struct LogOut: Sendable {
    let refreshTokens: RefreshTokens

    private static let ownerOf = Statement(
        """
        SELECT \(Account.columns) FROM user_sessions k JOIN users u ON u.id = k.user_id
        WHERE k.id = $1 AND u.account_status <> 'deleted' AND ($2::uuid IS NULL OR u.id = $2)
        """)
    private static let unknown = ServiceError(
        401, "no-session", "neither the refresh token nor the access token names a session")

    var endpoint: Endpoint {
        Endpoint("users.logout") { fields in
            (
                refreshToken: fields.optionalValue("refreshToken", SecretRule(bytes: 1...255)),
                all: fields.optionalBool("all") ?? false
            )
        } _: { request, context in
            let session: UUID?
            var owner: UUID?
            if let text = request.refreshToken {
                session = refreshTokens.read(text)?.session
            } else {
                session = context.visitor.session
                owner = context.caller.account
            }
            guard let session else { throw Self.unknown }
            return try await end(session, of: owner, all: request.all, context)
        }
    }

    @Reactor
    private func end(_ session: UUID, of owner: UUID?, all: Bool, _ context: Context) async throws -> Reply {
        let find: @Reactor () async throws -> Account? = {
            try await context.query(Self.ownerOf, .uuid(session), .uuid(owner)).first.map { try Account($0) }
        }
        do {
            return try await context.change(find) { change in
                let count = change.revokeSessions(.loggedOut) { all || $0 == session }
                return .object { $0.field("revoked", count) }
            }
        } catch let error as ServiceError where error.status == 404 {
            throw Self.unknown
        }
    }
}

extension Caller {
    /// The account that the caller signed in with; nil for others.
    var account: UUID? {
        switch self {
        case .customer(let id), .staff(let id): id
        case .internal, .anonymous: nil
        }
    }
}
