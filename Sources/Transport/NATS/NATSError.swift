/// A call on NATS that failed: what happened, to what.
public struct NATSError: Error, Hashable, CustomStringConvertible {
    /// Why a call failed, for code that decides what to do next.
    public enum Code: Sendable, Hashable {
        /// The server knows nobody who listens on the subject (status 503, about a millisecond after the request).
        case noResponders
        /// No answer within the time given. The request may have been carried out.
        case timeout
        /// The connection is down or broke while waiting; it is being made again. A request that was under way may have
        /// been carried out, a publish that throws this was not sent.
        case disconnected
        /// The connection has been closed for good by this process.
        case closed
        /// The calling task was cancelled.
        case cancelled
        /// Too much is under way: requests without an answer, or bytes that the server does not take.
        case overloaded
        case invalidSubject
        case invalidHeader
        /// The message is larger than the server takes (1 MiB unless configured).
        case maxPayload
        /// No server of the list could be reached.
        case unreachable
        /// The server refused the credentials, or TLS failed.
        case authentication
        /// The server does not let this user publish to the subject.
        case notPermitted
        /// The configuration cannot work: a bad URL, a file that cannot be read.
        case configuration
        /// JetStream answered with an error; numbers as in the server's `errors.json`.
        case jetStream(code: Int, errorCode: Int)
        /// An answer that does not read as its protocol says.
        case protocolViolation
        /// Any other status of libnats.
        case library(Int)
    }

    public let code: Code
    /// One line for people.
    public let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

extension NATSError {
    /// The quoted subject behind `words` in what the server reported.
    func subject(refusedAfter words: String) -> String? {
        guard code == .notPermitted else { return nil }
        let parts = message.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].hasSuffix(words) else { return nil }
        return String(parts[1])
    }
}
