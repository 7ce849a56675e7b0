import Contracts
import FoundationEssentials
import NATS
import NIOCore
import Reactor

extension Gateway {
    /// Sends a request whose body is complete on its way; the answer comes to `ticket`.
    /// - Parameter peer: the address that the connection comes from.
    /// - Returns: false when the keys are fetched first and the ticket is told so.
    func submit(
        _ errand: Errand, body: ByteBuffer?, exchange: Exchange, ticket: ReplyTicket, peer: SocketAddress?
    ) throws(Refusal) -> Bool {
        var actor = errand.actor
        if actor == nil {
            if errand.mayAskForKeys {
                askForKeys(ticket)
                return false
            }
            actor = try self.actor(for: errand.route, authorization: errand.authorization, mayAskForKeys: false)
        }
        guard let actor else { throw .tokenRefused(.unknownKey) }
        let route = errand.route
        var message: [UInt8] = errand.parameters
        if let body, body.readableBytes > 0, !route.ignoresBody {
            message = try body.withUnsafeReadableBytes { (bytes) throws(Refusal) in
                try Self.message(route, errand.parameters, bytes)
            }
        } else if route.rawBody {
            message = []
        }
        let deadline_ms = Int64(Date().timeIntervalSince1970 * 1000) + route.timeout_ms
        var headers: NATSHeaders = [
            ("traceparent", errand.traceparent), ("Flotilla-Deadline", String(deadline_ms)),
            ("Flotilla-Actor", actor.name), ("Flotilla-Request-Id", exchange.requestID),
        ]
        if let key = errand.idempotencyKey { headers.append("Idempotency-Key", key) }
        if let visitor = errand.visitor {
            headers.append(contentsOf: visitor.headers(peer: peer, session: actor.session))
        }
        for (name, value) in errand.forwarded { headers.append(name, value) }
        outbox.put(
            ForwardRequest(
                route: route, headers: headers, body: message, deadline: .now + route.timeout, ticket: ticket,
                isRepeatable: route.isRepeatable || (errand.idempotencyKey != nil && route.idempotency != .none)))
        return true
    }

    private static func message(
        _ route: Route, _ parameters: [UInt8], _ body: UnsafeRawBufferPointer
    ) throws(Refusal) -> [UInt8] {
        if route.rawBody { return Array(body) }
        if let message = Splice.message(parameters: parameters, body: body) { return message }
        // The fleet's own workers refuse such a body, with all that is wrong with it.
        guard route.closedMembers != nil else { throw .bodyNotObject }
        return Array(body)
    }

    /// Comes back to the request when the keys have been fetched, or need no fetching.
    private func askForKeys(_ ticket: ReplyTicket) {
        Reactor.post { [keyFetcher, mailbox] in
            keyFetcher.refreshForUnknownKey { mailbox.put(.keysFetched, for: ticket) }
        }
    }
}
