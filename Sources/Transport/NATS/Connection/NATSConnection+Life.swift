public import Logging
import Reactor

extension NATSConnection {
    /// Connects and waits until it is done.
    ///
    /// - Throws: After `connectTimeout` at the latest: `.unreachable`; at once: `.authentication`, `.configuration`.
    public static func connect(
        _ configuration: NATSConfiguration, logger: Logger
    ) async throws(NATSError) -> NATSConnection {
        let configuration = try configuration.settled()
        let inboxPrefix = configuration.inboxPrefix ?? "_INBOX"
        guard Subject.isPublishable(inboxPrefix), inboxPrefix.utf8.count <= 128 else {
            throw NATSError(.configuration, "the inbox prefix \(inboxPrefix.debugDescription) is no subject")
        }
        let connection = NATSConnection(configuration, inboxPrefix: inboxPrefix, logger: logger)
        let deadline = Monotonic.now() + configuration.connectTimeout.nanoseconds
        var wait = configuration.reconnectWait
        while true {
            do {
                try await connection.attempt(until: deadline)
                connection.watchPeer()
                return connection
            } catch {
                guard error.mayPass, Monotonic.now() + wait.nanoseconds < deadline else { throw error }
            }
            do { try await Reactor.sleep(for: wait.jittered) } catch {
                throw NATSError(.cancelled, "connecting to NATS was cancelled")
            }
            wait = min(wait * 2, configuration.maximumReconnectWait)
        }
    }

    /// Closes for good: sends what has been published, fails what waits for replies. Drain subscriptions before.
    public func close() async {
        guard !isClosed else { return }
        if isConnected { try? await flush(timeout: .seconds(2)) }
        guard !isClosed else { return }
        isClosed = true
        let link = self.link
        self.link = nil
        endRequests(NATSError(.closed, "the NATS connection was closed"))
        for subscription in subscriptions { subscription.unsubscribe() }
        replies = nil
        requestTimer?.timer.cancel()
        change(to: .closed)
        link?.retire()
    }

    // MARK: - Connecting

    private func attempt(until deadline: UInt64) async throws(NATSError) {
        let now = Monotonic.now()
        let left = deadline > now ? Duration.nanoseconds(Int64(deadline - now)) : .milliseconds(1)
        try await adopt(open(timeout: min(left, configuration.attemptTimeout)))
    }

    private func open(timeout: Duration) async throws(NATSError) -> Link {
        let configuration = self.configuration
        do {
            return try await Self.threads.run { try Link.open(configuration, attemptTimeout: timeout) }
        } catch {
            throw error as? NATSError ?? NATSError(.overloaded, "connecting to NATS: \(error)")
        }
    }

    /// Puts a fresh link to use, with all subscriptions.
    private func adopt(_ link: Link) throws(NATSError) {
        guard !isClosed else {
            link.retire()
            throw unavailable
        }
        do {
            try link.start(owner: self)
            if !link.hasFilter {
                logger.warning("this libnats cannot tell who got no responders: such requests time out instead")
            }
            maximumPayload = link.maximumPayload
            uncollected = 0
            self.link = link
            if replies == nil {
                replies = makeSubscription("\(replySubject.inbox).*", queue: nil, noResponders: nil) { [weak self] in
                    self?.complete($0)
                }
            }
            for subscription in subscriptions { try subscription.attach(to: link) }
        } catch {
            self.link = nil
            for subscription in subscriptions { subscription.detach() }
            link.retire()
            throw error
        }
        missedPings = 0
        change(to: .connected)
    }

    // MARK: - Losing the connection

    func linkWasLost(_ link: Link) {
        guard link === self.link else { return }
        self.link = nil
        uncollected = 0
        for subscription in subscriptions { subscription.detach() }
        guard !isClosed else { return }
        let reason = link.lastError
        logger.warning("NATS connection lost", metadata: ["reason": "\(reason)", "requests": "\(requests.count)"])
        change(to: .reconnecting)
        endRequests(NATSError(.disconnected, "the NATS connection broke: \(reason)"))
        // Unstructured: nobody waits for it, and it ends when connected or closed.
        Task { await reconnect() }
    }

    private func reconnect() async {
        var wait = configuration.reconnectWait
        var attempts = 0
        while !isClosed {
            // Even the first attempt waits a little: all clients of a server lose it at the same moment.
            guard (try? await Reactor.sleep(for: wait.jittered)) != nil, !isClosed else { return }
            attempts += 1
            do {
                try await adopt(open(timeout: configuration.attemptTimeout))
                statistics.reconnects += 1
                logger.info("NATS connected again", metadata: ["attempts": "\(attempts)"])
                return
            } catch {
                logger.log(
                    level: attempts.isMultiple(of: 10) ? .warning : .debug, "NATS is not reachable",
                    metadata: ["error": "\(error)", "attempts": "\(attempts)"])
            }
            wait = min(wait * 2, configuration.maximumReconnectWait)
        }
    }

    /// Looks at the peer from time to time: a silent one is asked for a sign of life, a dead one is given up.
    private func watchPeer() {
        guard !isClosed else { return }
        Reactor.schedule(after: configuration.pingInterval) { [weak self] in
            self?.checkPeer()
            self?.watchPeer()
        }
    }

    private func checkPeer() {
        guard let link, isConnected else { return }
        guard !link.hasHeard else {
            link.hasHeard = false
            missedPings = 0
            return
        }
        guard missedPings < configuration.maximumPingsOut else {
            logger.warning("NATS does not answer", metadata: ["pings": "\(missedPings)"])
            return link.breakOff()
        }
        missedPings += 1
        // The answer shows as bytes that arrive; whether this call succeeds does not matter.
        let timeout = configuration.pingInterval
        // Unstructured: it ends with its own timeout.
        Task { _ = try? await Self.threads.run { link.flushBlocking(timeout: timeout) } }
    }

    /// The socket has refused bytes since `since`: gives the connection up when it goes on refusing.
    func linkIsBlocked(_ link: Link, since: UInt64) {
        Reactor.schedule(after: configuration.writeDeadline) { [weak self, weak link] in
            guard let self, let link, let latest = link.blockedSince else { return }
            guard latest == since else { return self.linkIsBlocked(link, since: latest) }
            self.logger.warning("NATS takes no bytes", metadata: ["bytes": "\(link.bytesPending)"])
            link.breakOff()
        }
    }

    func serverIsLeaving() {
        logger.notice("the NATS server is about to shut down; the connection moves when it closes")
    }

    func didReport(_ error: NATSError) {
        statistics.serverErrors += 1
        if let subject = error.subject(refusedAfter: "Permissions Violation for Publish to ") {
            endRequests(to: subject, NATSError(.notPermitted, "NATS does not permit publishing to \(subject)"))
        }
        if let subject = error.subject(refusedAfter: "Permissions Violation for Subscription to ") {
            for subscription in subscriptions where subscription.subject == subject { subscription.wasRefused() }
        }
        let now = Monotonic.now()
        // A client that keeps publishing where it may not would flood the log.
        guard error != lastServerError?.error || now - (lastServerError?.time ?? 0) > 10_000_000_000 else { return }
        lastServerError = (error, now)
        logger.error("NATS reported an error", metadata: ["error": "\(error)", "errors": "\(statistics.serverErrors)"])
    }
}

extension NATSError {
    /// Whether another attempt to connect may succeed with the same configuration.
    fileprivate var mayPass: Bool {
        switch code {
        case .authentication, .configuration, .closed, .cancelled, .overloaded: false
        default: true
        }
    }
}
