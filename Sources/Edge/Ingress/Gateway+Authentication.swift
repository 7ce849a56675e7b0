import Contracts
import FoundationEssentials

extension Gateway {
    /// The caller as `Flotilla-Actor` names it, or nil when the keys must be fetched before the caller can be told.
    ///
    /// Endpoints for anyone are called as `anonymous` with no token or with one that is no good: a stale token must not keep
    /// its owner from logging in. An actor is always named, because none means a caller inside the fleet.
    func actor(
        for route: Route, authorization: String?, mayAskForKeys: Bool
    ) throws(Refusal) -> Actor? {
        let identity: Identity
        do throws(TokenRejection) {
            identity = try identify(authorization)
        } catch {
            if route.access == .anyone { return .anonymous }
            if case .refused(.unknownKey) = error, mayAskForKeys { return nil }
            throw error.refusal
        }
        if route.access == .staff, identity.role != .staff { throw .roleForbidden }
        return Actor(name: identity.actor, session: identity.session)
    }

    /// In whose name a request goes on.
    struct Actor {
        /// The value of `Flotilla-Actor`.
        let name: String
        /// The session of the token.
        let session: String?

        static let anonymous = Actor(name: "anonymous", session: nil)
    }

    private enum TokenRejection: Error {
        case missing
        case noKeys
        case refused(TokenFailure)

        var refusal: Refusal {
            switch self {
            case .missing: .tokenRequired
            case .noKeys: .keysUnavailable
            case .refused(let failure): .tokenRefused(failure)
            }
        }
    }

    private func identify(_ authorization: String?) throws(TokenRejection) -> Identity {
        guard let authorization else { throw .missing }
        let now = Int64(Date().timeIntervalSince1970)
        let generation = keys.generation
        if generation != tokensGeneration {
            tokens.removeAll()
            tokensGeneration = generation
        }
        if let known = tokens.identity(of: authorization, now: now) { return known }
        guard let token = Self.bearerToken(authorization) else { throw .refused(.scheme) }
        guard let current = keys.current else { throw .noKeys }
        do throws(TokenFailure) {
            let identity = try verifier.verify(token, with: current, now: now)
            let end = min(identity.expires, now + configuration.tokenCacheLifetime.components.seconds)
            if end > now { tokens.store(identity, of: authorization, until: end) }
            return identity
        } catch {
            throw .refused(error)
        }
    }

    /// RFC 6750, section 2.1; the scheme in any case (RFC 9110, section 11.1).
    private static func bearerToken(_ authorization: String) -> String? {
        let parts = authorization.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: true)
        guard parts.count == 2, RequestHeaders.equal(String(Substring(parts[0])), "bearer") else { return nil }
        return String(Substring(parts[1]))
    }
}
