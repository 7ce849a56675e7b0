import NATS
import NIOCore

/// One request on its way to a worker.
struct ForwardRequest: Sendable {
    let route: Route
    let headers: NATSHeaders
    let body: [UInt8]
    let deadline: ContinuousClock.Instant
    let ticket: ReplyTicket
    /// Whether a second time changes nothing more: by its contract, or because it has an idempotency key.
    let isRepeatable: Bool
}

/// Where the answer goes: a connection on its loop, and which of its requests is meant.
struct ReplyTicket: Sendable {
    let connection: NIOLoopBound<HTTPConnection>
    let number: UInt64
}

/// What comes back from the reactor for a request.
enum ForwardResult: Sendable {
    case reply(UpstreamReply)
    /// Why no worker answered.
    case failure(ForwardFailure)
    /// Nothing was sent yet: the keys that its token needs have been looked for.
    case keysFetched
}

/// A worker's answer. The body stays where libnats put it until it is copied into the answer to the client.
struct UpstreamReply: Sendable {
    /// From `Nats-Service-Error-Code`; nil when the endpoint succeeded, 0 when it is no number.
    var errorStatus: Int?
    /// From `Nats-Service-Error`.
    var errorText: String?
    var retryAfter: String?
    let message: NATSMessage

    init(_ message: NATSMessage) {
        self.message = message
        guard message.hasHeaders, let code = message.header("Nats-Service-Error-Code") else { return }
        errorStatus = Int(code) ?? 0
        errorText = message.header("Nats-Service-Error")
        retryAfter = message.header("Retry-After")
    }

    /// A request with the same idempotency key is being worked on: the one 409 that passes by itself.
    var saysInProgress: Bool { errorStatus == 409 && retryAfter != nil }
}
