import Logging
public import Reactor

/// Pulls the messages of one durable consumer and hands them to a handler, never more than `maximumInFlight` unanswered ones.
///
/// Asks for more before it runs dry, survives reconnects and pulls that the server forgot, and says when the consumer is
/// missing. It works until ``unsubscribe()`` or the end of the connection, whether or not anyone keeps the value.
@Reactor
public final class PullConsumer {
    public let stream: String
    public let consumer: String

    /// Without a message for so long nothing is on its way.
    private static let quiet_ns: UInt64 = 50_000_000

    private enum State {
        case pulling
        /// The consumer does not exist: waits for ``resume()``.
        case missing
        /// No new pulls; what comes is still handed out.
        case stopped
        case over
    }

    private let jetStream: JetStream
    private let expires: Duration
    private let heartbeat: Duration
    /// Let go of when it is over, with all they hold.
    private var handler: (@Reactor (JetStreamMessage) -> Void)?
    private var whenMissing: (@Reactor (PullConsumer) -> Void)?

    private var state = State.pulling
    private var ledger: PullLedger
    private var subscription: NATSSubscription?
    private var observer = 0
    private let inbox: String
    /// Came while `maximumInFlight` were out: after a reconnect the server may serve pulls from before it.
    private var held: [(message: NATSMessage, subject: AckSubject)] = []
    private var lastHeard = Monotonic.now()
    private var lastMessage: UInt64 = 0
    private var failures = 0
    private var fillTimer: ReactorTimer?
    private var watchTimer: ReactorTimer?
    private var isChecking = false
    private var isFillPosted = false

    init(
        _ jetStream: JetStream, stream: String, consumer: String, batch: Int, maximumInFlight: Int, expires: Duration,
        whenMissing: @escaping @Reactor (PullConsumer) -> Void, handler: @escaping @Reactor (JetStreamMessage) -> Void
    ) {
        self.jetStream = jetStream
        self.stream = stream
        self.consumer = consumer
        self.expires = max(expires, .seconds(1))
        // The server takes at most half of `expires` (2.9).
        heartbeat = min(.seconds(5), self.expires / 2)
        self.handler = handler
        self.whenMissing = whenMissing
        ledger = PullLedger(batch: batch, maximumInFlight: maximumInFlight)
        inbox = "\(jetStream.connection.replySubject.inbox).p.\(ReplySubject.randomToken())"
    }

    /// Messages handed out and not answered.
    public var inFlight: Int { ledger.inFlight }

    /// Whether messages are asked for at the moment.
    public var isPulling: Bool { state == .pulling }

    func start() throws(NATSError) {
        let connection = jetStream.connection
        subscription = try connection.subscribe(
            "\(inbox).*", queue: nil, noResponders: { self.consumerMayBeMissing() }
        ) { self.receive($0) }
        observer = connection.observeState { self.connectionChanged(to: $0) }
        fill()
        watch()
    }

    /// Stops asking for messages. Those that are on their way are still handed to the handler.
    public func stop() {
        guard state != .over, state != .stopped else { return }
        state = .stopped
        fillTimer?.cancel()
        watchTimer?.cancel()
    }

    /// Stops, and waits until everything the server has sent was handed to the handler, at most for `timeout`.
    ///
    /// A pull cannot be called back: messages the server sends between our leaving and its noticing would only come again
    /// after `ackWait`. So open pulls are left to fill up while messages flow, and given up once none comes any more.
    public func drain(timeout: Duration) async {
        stop()
        let deadline = Monotonic.now() + timeout.nanoseconds
        while ledger.outstanding > 0 || !held.isEmpty {
            let now = Monotonic.now()
            let isQuiet = held.isEmpty && now - lastMessage > Self.quiet_ns
            guard state == .stopped, !isQuiet, now < deadline, jetStream.connection.isConnected else { break }
            do { try await Reactor.sleep(for: .milliseconds(5)) } catch { break }
        }
        let now = Monotonic.now()
        await subscription?.drain(
            timeout: .nanoseconds(Int64(clamping: max(1_000_000, deadline > now ? deadline - now : 0))))
        unsubscribe()
    }

    /// Ends it: messages not handed out yet are given back, those on their way are delivered again after the consumer's
    /// `ackWait`. Answers stay possible.
    public func unsubscribe() {
        guard state != .over else { return }
        stop()
        state = .over
        ledger.closeAll()
        for (message, _) in held { try? jetStream.connection.respond(to: message, body: Array("-NAK".utf8)) }
        held = []
        subscription?.unsubscribe()
        subscription = nil
        (handler, whenMissing) = (nil, nil)
        jetStream.connection.stopObserving(observer)
    }

    /// Goes on after the consumer was missing and has been made again.
    public func resume() {
        guard state == .missing else { return }
        state = .pulling
        failures = 0
        fill()
        watch()
    }

    func leaseEnded() {
        ledger.settled()
        if !held.isEmpty, ledger.hasRoom {
            let (message, subject) = held.removeFirst()
            handOut(message, subject)
        }
        guard !isFillPosted, ledger.wanted != nil else { return }
        isFillPosted = true
        // At the end of the tick many answers make one pull.
        Reactor.atTickEnd {
            self.isFillPosted = false
            self.fill()
        }
    }

    // MARK: - Pulling

    private func fill() {
        guard state == .pulling, fillTimer == nil, jetStream.connection.isConnected else { return }
        while let count = ledger.wanted {
            let deadline = Monotonic.now() + (expires + .seconds(2)).nanoseconds
            let identifier = ledger.open(count, deadline: deadline)
            do throws(NATSError) {
                try pull(count, identifier)
            } catch {
                ledger.close(identifier)
                return error.code == .disconnected || error.code == .closed ? () : retryLater()
            }
        }
    }

    private func pull(_ count: Int, _ identifier: UInt64) throws(NATSError) {
        let body =
            #"{"batch":\#(count),"expires":\#(expires.nanoseconds),"idle_heartbeat":\#(heartbeat.nanoseconds)}"#
        try jetStream.connection.publish(
            "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(consumer)", reply: "\(inbox).\(identifier)", body: Array(body.utf8))
        if ledger.pulls.count == 1 { lastHeard = Monotonic.now() }
    }

    private func retryLater() {
        guard state == .pulling, fillTimer == nil else { return }
        failures += 1
        let wait = min(Duration.milliseconds(100) * (1 << min(failures - 1, 5)), .seconds(2))
        fillTimer = Reactor.schedule(after: wait.jittered) {
            self.fillTimer = nil
            self.fill()
        }
    }

    // MARK: - Receiving

    private func receive(_ message: NATSMessage) {
        lastHeard = Monotonic.now()
        guard let reply = message.replyPointer, let subject = AckSubject(reply) else { return receiveStatus(message) }
        failures = 0
        lastMessage = lastHeard
        ledger.received()
        if ledger.hasRoom, held.isEmpty { handOut(message, subject) } else { held.append((message, subject)) }
        fill()
    }

    private func handOut(_ message: NATSMessage, _ subject: AckSubject) {
        ledger.handedOut()
        handler?(JetStreamMessage(message, subject, connection: jetStream.connection, lease: PullLease(self)))
    }

    private func receiveStatus(_ message: NATSMessage) {
        guard let status = message.status else { return }
        let identifier = message.subject.split(separator: ".").last.flatMap { UInt64($0) }
        switch status {
        case 100: return  // heartbeat
        case 404, 408:
            // No messages; time is over.
            if let identifier { ledger.close(identifier) }
            fill()
        case 409 where message.statusDescription?.contains("Consumer Deleted") == true:
            isMissing()
        case 503: consumerMayBeMissing()
        default:
            // 409 has many reasons (too many pulls, server shutdown, …); none of them lasts.
            if let identifier { ledger.close(identifier) }
            jetStream.connection.logger.debug(
                "a pull was refused", metadata: ["status": "\(status)", "reason": "\(message.statusDescription ?? "")"])
            retryLater()
        }
    }

    // MARK: - What goes wrong

    private func connectionChanged(to connectionState: NATSConnectionState) {
        guard connectionState != .closed else { return unsubscribe() }
        // The server forgets pulls with the connection, or serves them to nobody.
        ledger.closeAll()
        guard state == .pulling, connectionState == .connected else { return }
        failures = 0
        fillTimer?.cancel()
        fillTimer = nil
        fill()
    }

    /// Looks for pulls the server does not speak of any more.
    private func watch() {
        watchTimer?.cancel()
        watchTimer = Reactor.schedule(after: heartbeat) {
            guard self.state == .pulling else { return }
            self.checkPulls()
            self.watch()
        }
    }

    private func checkPulls() {
        guard jetStream.connection.isConnected, !ledger.pulls.isEmpty else { return fill() }
        let now = Monotonic.now()
        let isSilent = now - lastHeard > (heartbeat * 2 + .milliseconds(500)).nanoseconds
        if ledger.closeExpired(at: now) || isSilent { consumerMayBeMissing() }
    }

    /// Pulls went unanswered: asks whether the consumer is there, then goes on or reports it missing.
    private func consumerMayBeMissing() {
        guard state == .pulling, !isChecking else { return }
        isChecking = true
        ledger.closeAll()
        // Unstructured: nobody waits for it, and it ends with the API's timeout at the latest.
        Task {
            let isThere: Bool
            do throws(NATSError) {
                isThere = try await jetStream.consumerInformation(stream: stream, consumer: consumer) != nil
            } catch {
                // JetStream itself is away; that says nothing about the consumer.
                isThere = true
            }
            isChecking = false
            if isThere { retryLater() } else { isMissing() }
        }
    }

    private func isMissing() {
        guard state == .pulling else { return }
        state = .missing
        ledger.closeAll()
        fillTimer?.cancel()
        fillTimer = nil
        watchTimer?.cancel()
        jetStream.connection.logger.warning(
            "consumer is missing", metadata: ["stream": "\(stream)", "consumer": "\(consumer)"])
        whenMissing?(self)
    }
}

extension JetStream {
    /// Starts pulling from a durable consumer that exists (``ensureConsumer(_:within:)``).
    ///
    /// - Parameters:
    ///   - batch: messages of one pull at most.
    ///   - maximumInFlight: messages handed to `handler` and not answered at most.
    ///   - expires: how long a pull waits at the server for messages, at least a second.
    ///   - whenMissing: called when the consumer or its stream does not exist (any more); make it again and call
    ///     ``PullConsumer/resume()``.
    ///   - handler: called on the reactor for each message, in order.
    /// - Throws: `.invalidSubject`, `.closed`.
    public func consume(
        stream: String, consumer: String, batch: Int = 100, maximumInFlight: Int = 500,
        expires: Duration = .seconds(30),
        whenMissing: @escaping @Reactor (PullConsumer) -> Void = { _ in },
        handler: @escaping @Reactor (JetStreamMessage) -> Void
    ) throws(NATSError) -> PullConsumer {
        try Self.check(name: stream, "stream")
        try Self.check(name: consumer, "consumer")
        let pulling = PullConsumer(
            self, stream: stream, consumer: consumer, batch: batch, maximumInFlight: maximumInFlight, expires: expires,
            whenMissing: whenMissing, handler: handler)
        try pulling.start()
        return pulling
    }
}
