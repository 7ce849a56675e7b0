import CNats
import Reactor

extension NATSConnection {
    /// Sends a request and waits for its reply.
    ///
    /// - Throws: `.noResponders` when nobody listens (about a millisecond), `.timeout`, `.disconnected` as soon as the
    ///   connection breaks, `.cancelled`, `.overloaded`, and what ``publish(_:reply:headers:body:)`` throws.
    public func request(
        _ subject: String, headers: NATSHeaders = [], body: [UInt8], timeout: Duration
    ) async throws(NATSError) -> NATSMessage {
        let identifier = try begin(subject, timeout: timeout)
        do throws(NATSError) {
            let reply = replySubject.subject(for: identifier)
            let result = body.withUnsafeBytes { bytes in
                Result { () throws(NATSError) in try send(subject, reply: reply, headers: headers, bytes: bytes) }
            }
            try result.get()
        } catch {
            requests.remove(identifier)
            throw error
        }
        let reply: RequestTable.Reply = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                if let reply = requests.wait(identifier, .one(continuation)) { continuation.resume(returning: reply) }
            }
        } onCancel: {
            Reactor.post { self.cancel(identifier) }
        }
        return try reply.get()
    }

    /// Sends a request that many may answer and returns what came until `total` is over, nothing has come for `quiet` since
    /// the last reply, or there are `limit` replies. Nobody there gives an empty list.
    public func requestMany(
        _ subject: String, headers: NATSHeaders = [], body: [UInt8] = [], for total: Duration, quiet: Duration,
        limit: Int = .max
    ) async throws(NATSError) -> [NATSMessage] {
        let identifier = try begin(subject, timeout: total + .seconds(1))
        let gatherer = ReplyGatherer(quiet: quiet, limit: limit) { [weak self] in self?.requests.remove(identifier) }
        do throws(NATSError) {
            let reply = replySubject.subject(for: identifier)
            let result = body.withUnsafeBytes { bytes in
                Result { () throws(NATSError) in try send(subject, reply: reply, headers: headers, bytes: bytes) }
            }
            try result.get()
        } catch {
            requests.remove(identifier)
            throw error
        }
        _ = requests.wait(identifier, .many(gatherer))
        let replies: Result<[NATSMessage], NATSError> = await withTaskCancellationHandler {
            await withUnsafeContinuation { gatherer.start(total: total, $0) }
        } onCancel: {
            Reactor.post { gatherer.end(NATSError(.cancelled, "the request was cancelled")) }
        }
        return try replies.get()
    }

    // MARK: - Waiting

    private func begin(_ subject: String, timeout: Duration) throws(NATSError) -> RequestTable.Identifier {
        try checkPublishable(subject)
        guard isConnected else { throw unavailable }
        let deadline = Monotonic.now() + timeout.nanoseconds
        guard let identifier = requests.reserve(subject: subject, deadline: deadline) else {
            throw NATSError(.overloaded, "\(requests.count) requests wait for replies already")
        }
        watchDeadline(deadline)
        return identifier
    }

    private func watchDeadline(_ deadline: UInt64) {
        if let requestTimer, requestTimer.deadline <= deadline { return }
        requestTimer?.timer.cancel()
        let now = Monotonic.now()
        // At least a millisecond, so that many different deadlines are looked at together.
        let wait = Duration.nanoseconds(Int64(clamping: max(1_000_000, deadline > now ? deadline - now : 0)))
        let timer = Reactor.schedule(after: wait) { [weak self] in
            self?.requestTimer = nil
            self?.endExpiredRequests()
        }
        requestTimer = (timer, deadline)
    }

    private func endExpiredRequests() {
        let now = Monotonic.now()
        let ended = requests.endAll(where: { deadline, _ in deadline <= now }) {
            NATSError(.timeout, "no reply on \($0) in time")
        }
        for (waiter, error) in ended { Self.end(waiter, error) }
        if let deadline = requests.earliestDeadline { watchDeadline(deadline) }
    }

    func endRequests(_ error: NATSError) {
        for (waiter, error) in requests.endAll(where: { _, _ in true }, { _ in error }) { Self.end(waiter, error) }
    }

    func endRequests(to subject: String, _ error: NATSError) {
        for (waiter, error) in requests.endAll(where: { _, other in other == subject }, { _ in error }) {
            Self.end(waiter, error)
        }
    }

    private func cancel(_ identifier: RequestTable.Identifier) {
        let error = NATSError(.cancelled, "the request was cancelled")
        guard case .waiter(let waiter, _) = requests.settle(identifier, with: { _ in .failure(error) }) else { return }
        requests.remove(identifier)
        Self.end(waiter, error)
    }

    private static func end(_ waiter: RequestTable.Waiter, _ error: NATSError) {
        switch waiter {
        case .one(let continuation): continuation.resume(returning: .failure(error))
        case .many(let gatherer): gatherer.end(error)
        }
    }

    // MARK: - Replies

    /// Takes over a message that is a reply to one of our requests; false leaves it to its subscription.
    func take(_ message: OpaquePointer) -> Bool {
        guard let subject = natsMsg_GetSubject(message), let identifier = replySubject.identifier(in: subject) else {
            uncollected += 1
            return false
        }
        complete(identifier, with: NATSMessage(owning: message))
        return true
    }

    func complete(_ message: NATSMessage) {
        guard let subject = message.subjectPointer, let identifier = replySubject.identifier(in: subject) else {
            return
        }
        complete(identifier, with: message)
    }

    private func complete(_ identifier: RequestTable.Identifier, with message: NATSMessage) {
        statistics.messagesIn += 1
        switch requests.settle(identifier, with: { Self.outcome(message, $0) }) {
        case .waiter(.one(let continuation), let subject):
            continuation.resume(returning: Self.outcome(message, subject))
        case .waiter(.many(let gatherer), _): gatherer.add(message)
        case .kept: break
        case .nobody: statistics.lateReplies += 1
        }
    }

    private static func outcome(_ message: NATSMessage, _ subject: String) -> RequestTable.Reply {
        guard message.count == 0, message.status == 503 else { return .success(message) }
        return .failure(NATSError(.noResponders, "nobody listens on \(subject)"))
    }
}
