import FoundationEssentials
import Worker

/// From where somebody asks, as the ingress tells it; nothing of it for callers inside the fleet.
struct Visitor: Sendable {
    /// An IP address.
    let client: String?
    /// What the client calls itself.
    let agent: String?
    /// The session of the access token.
    let session: UUID?

    var deviceInfo: [UInt8]? {
        agent.map { agent in JSONWriter.object { $0.field("agent", agent) } }
    }
}

extension Context {
    var visitor: Visitor {
        Visitor(
            client: header(CallerDetail.client).flatMap { IPAddress($0) == nil ? nil : $0 },
            agent: header(CallerDetail.agent).map { String($0.prefix(CallerDetail.agentLimit)) },
            session: header(CallerDetail.session).flatMap { UUID(text: $0) })
    }
}
