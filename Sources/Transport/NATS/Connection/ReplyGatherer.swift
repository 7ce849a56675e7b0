import Reactor

/// Collects the replies of many to one request until enough have come, none comes any more, or time is up.
@Reactor
final class ReplyGatherer {
    private var replies: [NATSMessage] = []
    private var continuation: UnsafeContinuation<Result<[NATSMessage], NATSError>, Never>?
    private var outcome: Result<[NATSMessage], NATSError>?
    private var quietTimer: ReactorTimer?
    private var totalTimer: ReactorTimer?
    private let quiet: Duration
    private let limit: Int
    /// Called once, when it is over.
    private let whenOver: @Reactor () -> Void

    init(quiet: Duration, limit: Int, whenOver: @escaping @Reactor () -> Void) {
        self.quiet = quiet
        self.limit = limit
        self.whenOver = whenOver
    }

    /// Replies may have come before.
    func start(total: Duration, _ continuation: UnsafeContinuation<Result<[NATSMessage], NATSError>, Never>) {
        if let outcome { return continuation.resume(returning: outcome) }
        self.continuation = continuation
        totalTimer = Reactor.schedule(after: total) { self.end() }
    }

    func add(_ reply: NATSMessage) {
        guard outcome == nil else { return }
        if reply.status == 503 { return end() }
        replies.append(reply)
        if replies.count >= limit { return end() }
        quietTimer?.cancel()
        quietTimer = Reactor.schedule(after: quiet) { self.end() }
    }

    /// Ends with what has come, or with `error`.
    func end(_ error: NATSError? = nil) {
        guard outcome == nil else { return }
        let outcome: Result<[NATSMessage], NATSError> = error.map { .failure($0) } ?? .success(replies)
        self.outcome = outcome
        quietTimer?.cancel()
        totalTimer?.cancel()
        whenOver()
        continuation?.resume(returning: outcome)
        continuation = nil
    }
}
