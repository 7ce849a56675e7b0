import CNats
import Logging
import Reactor

extension NATSConnection {
    /// Calls `handler` on the reactor for each message on `subject`, which may hold the wildcards `*` and `>`.
    ///
    /// Members of the same `queue` share the messages. While the connection is down the subscription is only noted and
    /// starts with the next connection.
    /// - Throws: `.invalidSubject`, `.closed`.
    @discardableResult
    public func subscribe(
        _ subject: String, queue: String? = nil, _ handler: @escaping @Reactor (NATSMessage) -> Void
    ) throws(NATSError) -> NATSSubscription {
        try subscribe(subject, queue: queue, noResponders: nil, handler)
    }

    func subscribe(
        _ subject: String, queue: String?, noResponders: (@Reactor () -> Void)?,
        _ handler: @escaping @Reactor (NATSMessage) -> Void
    ) throws(NATSError) -> NATSSubscription {
        guard Subject.isSubscribable(subject) else {
            throw NATSError(.invalidSubject, "\(subject.debugDescription.prefix(100)) is no subject to subscribe to")
        }
        if let queue, !Subject.isPublishable(queue) {
            throw NATSError(.invalidSubject, "\(queue.debugDescription.prefix(100)) is no name of a queue group")
        }
        guard !isClosed else { throw unavailable }
        let subscription = makeSubscription(subject, queue: queue, noResponders: noResponders, handler)
        guard let link, link.isUp else { return subscription }
        do { try subscription.attach(to: link) } catch {
            // A link that broke just now takes it when it is back.
            guard !link.isUp else {
                subscription.unsubscribe()
                throw error
            }
        }
        return subscription
    }

    func makeSubscription(
        _ subject: String, queue: String?, noResponders: (@Reactor () -> Void)?,
        _ handler: @escaping @Reactor (NATSMessage) -> Void
    ) -> NATSSubscription {
        let subscription = NATSSubscription(
            connection: self, subject: subject, queue: queue, noResponders: noResponders, handler: handler)
        subscriptions.append(subscription)
        return subscription
    }

    func remove(_ subscription: NATSSubscription) {
        subscriptions.removeAll { $0 === subscription }
    }

    func didDrop(for subscription: NATSSubscription) {
        statistics.slowConsumerDrops += 1
        logger.error("NATS messages were dropped", metadata: ["subject": "\(subscription.subject)"])
    }

    /// Waits until the server has handled everything sent so far, and everything it had sent us before has been received.
    ///
    /// A PING of libnats that waits on a thread of its own; the reactor goes on meanwhile.
    /// - Throws: `.timeout`, `.disconnected`, `.closed`.
    public func flush(timeout: Duration) async throws(NATSError) {
        guard isConnected, let link else { throw unavailable }
        let result: Result<Void, NATSError>
        do {
            result = try await Self.threads.run { link.flushBlocking(timeout: timeout) }
        } catch {
            throw NATSError(.overloaded, "NATS flush: \(error)")
        }
        try result.get()
    }

    // MARK: - Delivering

    /// How long handlers run before sockets and timers get their turn.
    private static let turn_ns: UInt64 = 2_000_000

    /// Whether so much waits for handlers that no more should be read.
    var isBehind: Bool { backlog.count > 1_024 }

    /// Takes what the last read has brought out of libnats.
    func collect(from link: Link) {
        guard uncollected > 0 else { return }
        let (first, count) = (lastIndex, subscriptions.count)
        for offset in 0..<count where uncollected > 0 {
            let index = (first + offset) % count
            guard index < subscriptions.count else { break }
            let taken = subscriptions[index].collect(into: &backlog)
            guard taken > 0 else { continue }
            lastIndex = index
            uncollected -= taken
            statistics.messagesIn += UInt64(taken)
        }
        // What is left was for subscriptions that ended meanwhile.
        uncollected = 0
    }

    /// Calls handlers for what waits, for a while; the rest follows in the next tick.
    func deliver() {
        guard !backlog.isEmpty else { return }
        let start = Monotonic.now()
        var handled = 0
        while let (subscription, message) = backlog.popFirst() {
            subscription.deliver(message)
            handled += 1
            if handled.isMultiple(of: 8), Monotonic.now() - start > Self.turn_ns { break }
        }
        guard !backlog.isEmpty, !isDeliveryPosted else { return }
        isDeliveryPosted = true
        Reactor.post {
            self.isDeliveryPosted = false
            self.deliver()
        }
    }
}
