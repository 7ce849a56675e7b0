import FoundationEssentials
public import Reactor

/// JetStream over plain requests: nothing here blocks a thread or needs one of its own.
@Reactor
public final class JetStream {
    let connection: NATSConnection
    /// How long one call of the API may take.
    public let timeout: Duration

    public init(_ connection: NATSConnection, timeout: Duration = .seconds(5)) {
        self.connection = connection
        self.timeout = timeout
    }

    /// Error numbers of the server's `errors.json`.
    enum ErrorCode {
        static let consumerNotFound = 10_014
        static let streamNameInUse = 10_058
        static let streamNotFound = 10_059
        static let subjectsOverlap = 10_065
    }

    /// Publishes a message and waits until a stream has stored it. `Nats-Msg-Id` among `headers` makes a repetition harmless.
    ///
    /// - Throws: `.noResponders` when no stream takes the subject, `.timeout` (stored or not: repeat with the same id),
    ///   `.jetStream` when the stream refused it.
    public func publish(
        _ subject: String, headers: NATSHeaders = [], body: [UInt8], timeout: Duration? = nil
    ) async throws(NATSError) -> PubAck {
        let reply: NATSMessage
        do {
            reply = try await connection.request(
                subject, headers: headers, body: body, timeout: timeout ?? self.timeout)
        } catch {
            guard error.code == .noResponders else { throw error }
            throw NATSError(.noResponders, "no stream takes \(subject)")
        }
        return try reply.withBody { bytes throws(NATSError) in try PubAck(reading: bytes) }
    }

    // MARK: - The API

    func call<Answer: Decodable>(
        _ operation: String, _ request: [String: JSONTree] = [:]
    ) async throws(NATSError) -> Answer {
        let body: [UInt8]
        do {
            body = request.isEmpty ? [] : Array(try JSONEncoder().encode(request))
        } catch {
            throw NATSError(.protocolViolation, "a request to JetStream cannot be written: \(error)")
        }
        let reply = try await connection.request("$JS.API.\(operation)", body: body, timeout: timeout)
        return try JetStreamAnswer.decode(Data(reply.body))
    }

    static func check(name: String, _ what: String) throws(NATSError) {
        guard SubjectToken.isValid(name) else {
            throw NATSError(.invalidSubject, "\(name.debugDescription.prefix(80)) is no name of a \(what)")
        }
    }

    /// Repeats `body` while JetStream is only unavailable for the moment (starting, electing, reconnecting).
    func patiently<T: Sendable>(
        within limit: Duration, _ body: @Reactor () async throws(NATSError) -> T
    ) async throws(NATSError) -> T {
        let deadline = Monotonic.now() + limit.nanoseconds
        var wait = Duration.milliseconds(50)
        while true {
            do throws(NATSError) {
                return try await body()
            } catch {
                guard error.isPassing, Monotonic.now() + wait.nanoseconds < deadline else { throw error }
            }
            do { try await Reactor.sleep(for: wait.jittered) } catch {
                throw NATSError(.cancelled, "the call of JetStream was cancelled")
            }
            wait = min(wait * 2, .seconds(1))
        }
    }
}

extension NATSError {
    /// Whether the same call may succeed in a moment.
    var isPassing: Bool {
        switch code {
        case .timeout, .noResponders, .disconnected: true
        case .jetStream(let code, _): code == 503
        default: false
        }
    }
}
