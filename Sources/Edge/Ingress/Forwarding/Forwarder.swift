import Logging
import NATS
import Reactor

/// Sends requests to workers and sees that each gets an answer or a reason within its deadline.
@Reactor
final class Forwarder {
    private let nats: NATSConnection
    private let backoff_ms: ClosedRange<Int>
    private let logger: Logger
    /// First tokens of subjects that the broker refused.
    private var refused: Set<String> = []
    private static let maxRefused = 256

    nonisolated init(nats: NATSConnection, backoff_ms: ClosedRange<Int>, logger: Logger) {
        self.nats = nats
        self.backoff_ms = backoff_ms
        self.logger = logger
    }

    func forward(_ request: ForwardRequest, to mailbox: ReplyMailbox) {
        // Unstructured: it answers to a mailbox, and its deadline ends it.
        Reactor.start { [self] in
            mailbox.put(await result(of: request), for: request.ticket)
        }
    }

    /// Repeats a request that nobody received, and one that nobody answered in time if repeating it changes nothing more.
    private func result(of request: ForwardRequest) async -> ForwardResult {
        let route = request.route
        let limit = request.isRepeatable ? route.attemptTimeout : route.timeout
        var attempt = 1
        while true {
            let remaining = request.deadline - .now
            guard remaining > .zero else { return .failure(.timedOut) }
            let result: ForwardResult
            let pause: Duration
            do {
                let reply = try await send(request, timeout: min(remaining, limit))
                // An earlier attempt of this very request is still being worked on.
                guard attempt > 1, reply.saysInProgress else { return .reply(reply) }
                result = .reply(reply)
                pause = Self.inProgressPause
            } catch {
                result = .failure(error)
                guard Self.isRepeatable(error, request) else { return result }
                pause = .milliseconds(Int.random(in: backoff_ms))
            }
            guard attempt < route.attempts, request.deadline - .now > pause else { return result }
            attempt += 1
            do { try await Reactor.sleep(for: pause) } catch { return result }
        }
    }

    private static let inProgressPause = Duration.seconds(1)

    private static func isRepeatable(_ failure: ForwardFailure, _ request: ForwardRequest) -> Bool {
        switch failure {
        case .noResponders, .disconnected: true
        case .timedOut, .connectionLost: request.isRepeatable
        case .tooLarge, .refused: false
        }
    }

    private func send(_ request: ForwardRequest, timeout: Duration) async throws(ForwardFailure) -> UpstreamReply {
        guard nats.isConnected else { throw .disconnected }
        do throws(NATSError) {
            let message = try await nats.request(
                request.route.subject, headers: request.headers, body: request.body, timeout: timeout)
            return UpstreamReply(message)
        } catch {
            if error.code == .notPermitted { tellRefused(request.route.subject) }
            throw ForwardFailure(error)
        }
    }

    /// Once for each service: it stays so until an operator does something.
    private func tellRefused(_ subject: String) {
        let service = String(subject.prefix { $0 != "." })
        guard refused.count < Self.maxRefused, refused.insert(service).inserted else { return }
        logger.error(
            "the broker does not let the ingress call a service; its permissions need --service \(service)",
            metadata: ["subject": "\(subject)"])
    }
}

extension ForwardFailure {
    /// The connection was up when the request was sent.
    fileprivate init(_ error: NATSError) {
        switch error.code {
        case .noResponders: self = .noResponders
        case .timeout: self = .timedOut
        case .disconnected, .closed: self = .connectionLost
        case .overloaded: self = .disconnected
        case .maxPayload: self = .tooLarge
        default: self = .refused(error.message)
        }
    }
}
