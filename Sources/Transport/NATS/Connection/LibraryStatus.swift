import CNats

/// What libnats says about a failed call.
enum LibraryStatus {
    /// The error that `status` stands for, with the library's own words when it has some.
    ///
    /// The words are kept by thread: call this on the thread of the failed call, before any `await`.
    static func error(_ status: natsStatus, _ what: String) -> NATSError {
        let text = lastText(of: status)
        if status == NATS_PROTOCOL_ERROR, text.hasSuffix("got ''") {
            // How a server looks that closes during the login: it restarts, or it misses a client certificate (TLS 1.3).
            return NATSError(.disconnected, "\(what): the server closed the connection during the login")
        }
        return NATSError(code(of: status), "\(what): \(text)")
    }

    static func code(of status: natsStatus) -> NATSError.Code {
        switch status {
        case NATS_CONNECTION_CLOSED, NATS_CONNECTION_DISCONNECTED, NATS_INSUFFICIENT_BUFFER, NATS_STALE_CONNECTION,
            NATS_IO_ERROR:
            .disconnected
        case NATS_NO_SERVER: .unreachable
        case NATS_CONNECTION_AUTH_FAILED, NATS_SSL_ERROR, NATS_SECURE_CONNECTION_REQUIRED,
            NATS_SECURE_CONNECTION_WANTED:
            .authentication
        case NATS_ADDRESS_MISSING, NATS_INVALID_ARG: .configuration
        case NATS_INVALID_SUBJECT, NATS_INVALID_QUEUE_NAME: .invalidSubject
        case NATS_NOT_PERMITTED: .notPermitted
        case NATS_MAX_PAYLOAD: .maxPayload
        case NATS_TIMEOUT: .timeout
        case NATS_NO_RESPONDERS: .noResponders
        default: .library(Int(status.rawValue))
        }
    }

    /// The text without the place in the library's source that leads it.
    private static func lastText(of status: natsStatus) -> String {
        var last = NATS_OK
        let general = natsStatus_GetText(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
        guard let pointer = nats_GetLastError(&last), last == status else { return general }
        let text = String(cString: pointer)
        guard !text.isEmpty else { return general }
        guard text.first == "(", let end = text.firstIndex(of: ")") else { return text }
        let words = text[text.index(after: end)...].drop { $0 == ":" || $0 == " " }
        return words.isEmpty ? general : String(words)
    }
}
