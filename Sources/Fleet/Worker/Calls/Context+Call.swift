import NATS

extension Context {
    /// Asks another worker and returns its reply's bytes. The deadline, the trace and the actor go along.
    ///
    /// Tried again when nobody was there to answer, and after any failure when the call has an idempotency key or the
    /// callee's contract calls it repeatable; at most as often as that contract says, within the deadline.
    ///
    /// - Parameters:
    ///   - subject: one that the contract lists under `calls`.
    ///   - idempotencyKey: 1 to 255 printable ASCII characters.
    ///   - limit: how long to wait at most; nil waits until the deadline.
    /// - Throws: ``ServiceError``: the callee's own refusal, which a handler may let through, or 503 and 504.
    public func call(
        _ subject: String, _ body: [UInt8], idempotencyKey: String? = nil, within limit: Duration? = nil
    ) async throws(ServiceError) -> [UInt8] {
        let deadline = limit.map { min($0, self.deadline.remaining) }.map { Deadline(in: $0) } ?? self.deadline
        var headers: NATSHeaders = [(Deadline.header, deadline.headerValue)]
        if let actor = caller.header { headers.append(MessageHeader.actor, actor) }
        if let trace { headers.append(MessageHeader.trace, trace) }
        if let requestId { headers.append(MessageHeader.requestId, requestId) }
        if let idempotencyKey { headers.append(MessageHeader.idempotencyKey, idempotencyKey) }
        return try await services.calls.call(
            subject, body, headers: headers, hasIdempotencyKey: idempotencyKey != nil, deadline: deadline)
    }
}

/// The headers of requests between the ingress and the workers.
enum MessageHeader {
    static let actor = "Flotilla-Actor"
    static let trace = "traceparent"
    static let requestId = "Flotilla-Request-Id"
    static let idempotencyKey = "Idempotency-Key"
}
