import CNats
import Reactor

extension NATSConnection {
    /// Sends a message; it leaves with the end of the reactor's tick.
    ///
    /// - Throws: `.disconnected` at once while there is no connection, `.invalidSubject`, `.invalidHeader`, `.maxPayload`,
    ///   `.overloaded` when too many bytes wait.
    public func publish(
        _ subject: String, reply: String? = nil, headers: NATSHeaders = [], body: [UInt8]
    ) throws(NATSError) {
        let result = body.withUnsafeBytes { bytes in
            Result { () throws(NATSError) in try publish(subject, reply: reply, headers: headers, bytes: bytes) }
        }
        try result.get()
    }

    /// Sends a message whose body is copied from `bytes`.
    public func publish(
        _ subject: String, reply: String? = nil, headers: NATSHeaders = [], bytes: UnsafeRawBufferPointer
    ) throws(NATSError) {
        try checkPublishable(subject)
        guard let reply else { return try send(subject, reply: nil, headers: headers, bytes: bytes) }
        try checkPublishable(reply)
        let result = reply.withCString { reply in
            Result { () throws(NATSError) in try send(subject, reply: reply, headers: headers, bytes: bytes) }
        }
        try result.get()
    }

    /// Answers a message; does nothing when its sender wants no answer.
    public func respond(to message: NATSMessage, headers: NATSHeaders = [], body: [UInt8]) throws(NATSError) {
        let result = body.withUnsafeBytes { bytes in
            Result { () throws(NATSError) in try respond(to: message, headers: headers, bytes: bytes) }
        }
        try result.get()
    }

    /// Answers a message with a body that is copied from `bytes`.
    public func respond(
        to message: NATSMessage, headers: NATSHeaders = [], bytes: UnsafeRawBufferPointer
    ) throws(NATSError) {
        defer { withExtendedLifetime(message) {} }
        // It came in a protocol line, so it has no spaces or line ends.
        guard let reply = message.replyPointer else { return }
        try send(reply, reply: nil, headers: headers, bytes: bytes)
    }

    func checkPublishable(_ subject: String) throws(NATSError) {
        guard Subject.isPublishable(subject) else {
            throw NATSError(.invalidSubject, "\(subject.debugDescription.prefix(100)) is no subject to publish to")
        }
    }

    func send(
        _ subject: String, reply: UnsafePointer<CChar>?, headers: NATSHeaders, bytes: UnsafeRawBufferPointer
    ) throws(NATSError) {
        let result = subject.withCString { subject in
            Result { () throws(NATSError) in try send(subject, reply: reply, headers: headers, bytes: bytes) }
        }
        try result.get()
    }

    /// Hands a message with checked subjects to libnats.
    func send(
        _ subject: UnsafePointer<CChar>, reply: UnsafePointer<CChar>?, headers: NATSHeaders,
        bytes: UnsafeRawBufferPointer
    ) throws(NATSError) {
        guard state == .connected, let link, link.isUp, let handle = link.handle else { throw unavailable }
        guard bytes.count <= maximumPayload else {
            throw NATSError(.maxPayload, "a body of \(bytes.count) bytes is more than NATS takes (\(maximumPayload))")
        }
        guard link.bytesPending <= configuration.maximumBytesPending else {
            throw NATSError(.overloaded, "NATS does not keep up: \(link.bytesPending) bytes wait to be sent")
        }
        let status: natsStatus
        if headers.isEmpty {
            let count = Int32(bytes.count)
            status =
                if let reply {
                    natsConnection_PublishRequest(handle, subject, reply, bytes.baseAddress, count)
                } else {
                    natsConnection_Publish(handle, subject, bytes.baseAddress, count)
                }
        } else {
            try headers.check()
            status = Self.send(on: handle, subject, reply: reply, headers: headers, bytes: bytes)
        }
        guard status == NATS_OK else {
            throw LibraryStatus.error(status, "cannot publish to \(String(cString: subject))")
        }
        statistics.messagesOut += 1
        statistics.bytesOut += UInt64(bytes.count)
        link.didQueue(bytes.count)
    }

    private static func send(
        on handle: OpaquePointer, _ subject: UnsafePointer<CChar>, reply: UnsafePointer<CChar>?, headers: NATSHeaders,
        bytes: UnsafeRawBufferPointer
    ) -> natsStatus {
        var message: OpaquePointer?
        let data = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        var status = natsMsg_Create(&message, subject, reply, data, Int32(bytes.count))
        defer { if let message { flotilla_nats_free_message(message) } }
        for header in headers where status == NATS_OK {
            status = natsMsgHeader_Add(message, header.name, header.value)
        }
        return status == NATS_OK ? natsConnection_PublishMsg(handle, message) : status
    }
}
