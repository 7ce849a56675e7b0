import CNats
public import Reactor

/// Interest in a subject. It lives until ``unsubscribe()``, ``drain(timeout:)`` or the end of the connection, whether or not
/// anyone keeps the value, and comes back by itself after a reconnect.
@Reactor
public final class NATSSubscription {
    public let subject: String
    public let queue: String?

    private enum State {
        case active
        case draining
        case over
    }

    private let connection: NATSConnection
    /// Let go of when it is over, with all it holds: handlers tend to hold their subscription.
    private var handler: (@Reactor (NATSMessage) -> Void)?
    /// The server said that nobody listens on the subject of a message whose reply subject this subscription covers.
    private var noResponders: (@Reactor () -> Void)?
    private var state = State.active
    /// libnats' subscription on the present link; nil while there is none.
    private(set) var handle: OpaquePointer?
    private var waiting = 0
    private var whenWorkedOff: [UnsafeContinuation<Void, Never>] = []

    init(
        connection: NATSConnection, subject: String, queue: String?,
        noResponders: (@Reactor () -> Void)?, handler: @escaping @Reactor (NATSMessage) -> Void
    ) {
        self.connection = connection
        self.subject = subject
        self.queue = queue
        self.noResponders = noResponders
        self.handler = handler
    }

    /// The server does not let this user subscribe to the subject (known a moment after a flush); nothing will come.
    public private(set) var isRefused = false

    /// Whether messages may still come.
    public var isActive: Bool { state != .over }

    /// Stops at once: messages that were received and not handled yet are dropped.
    public func unsubscribe() {
        guard state != .over else { return }
        state = .over
        handler = nil
        noResponders = nil
        detach()
        connection.remove(self)
        resumeWorkedOff()
    }

    /// Stops without losing a message: the server is told, what it had sent before reaches the handler, then it is over.
    ///
    /// Suspends until the last of these messages was handed to the handler, at most for `timeout`.
    public func drain(timeout: Duration) async {
        guard state == .active else { return }
        let deadline = ContinuousClock.now + timeout
        state = .draining
        let timer = Reactor.schedule(after: timeout) { self.resumeWorkedOff() }
        defer { timer.cancel() }
        if let handle, connection.isConnected {
            // Sends UNSUB and keeps the subscription; libnats does not offer that in another way.
            natsSubscription_DrainTimeout(handle, timeout.wholeMilliseconds)
            // The server answers in order, so everything it had for us is here when the flush returns.
            try? await connection.flush(timeout: timeout)
        }
        if waiting > 0, state == .draining, ContinuousClock.now < deadline {
            await withUnsafeContinuation { whenWorkedOff.append($0) }
        }
        unsubscribe()
    }

    // MARK: - What the connection does

    func attach(to link: Link) throws(NATSError) {
        guard state == .active, let connection = link.handle else { return }
        var created: OpaquePointer?
        let status =
            if let queue {
                natsConnection_QueueSubscribeSync(&created, connection, subject, queue)
            } else {
                natsConnection_SubscribeSync(&created, connection, subject)
            }
        guard status == NATS_OK, let created else {
            throw LibraryStatus.error(status, "cannot subscribe to \(subject)")
        }
        // What was read is taken out at once, and reading stops while too much waits: nothing has to be dropped here.
        natsSubscription_SetPendingLimits(created, -1, -1)
        handle = created
    }

    func wasRefused() { isRefused = true }

    func detach() {
        isRefused = false
        guard let handle else { return }
        self.handle = nil
        natsSubscription_Destroy(handle)
    }

    /// Takes everything libnats has queued; returns how many messages.
    func collect(into backlog: inout Backlog) -> Int {
        guard let handle else { return 0 }
        var queued: Int32 = 0
        guard natsSubscription_GetPending(handle, &queued, nil) == NATS_OK else { return 0 }
        var taken = 0
        while taken < Int(queued) {
            var message: OpaquePointer?
            let status = natsSubscription_NextMsg(&message, handle, 0)
            if status == NATS_SLOW_CONSUMER {
                // Says that messages were dropped before; the queue is still there.
                connection.didDrop(for: self)
                continue
            }
            guard status == NATS_OK || status == NATS_NO_RESPONDERS else { break }
            taken += 1
            if let message {
                waiting += 1
                backlog.append(self, NATSMessage(owning: message))
            } else {
                noResponders?()
            }
        }
        return taken
    }

    func deliver(_ message: NATSMessage) {
        waiting -= 1
        handler?(message)
        if waiting == 0 { resumeWorkedOff() }
    }

    private func resumeWorkedOff() {
        guard !whenWorkedOff.isEmpty else { return }
        let continuations = whenWorkedOff
        whenWorkedOff = []
        for continuation in continuations { continuation.resume() }
    }
}
