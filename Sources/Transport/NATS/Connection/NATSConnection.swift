import CNats
import Logging
public import Reactor

/// A connection to NATS on the reactor: publish, request, subscribe.
///
/// It stays usable until ``close()``: a broken connection is made again for ever, with jitter, and its subscriptions come
/// back with it. What was under way fails at once with `.disconnected`, and so does publishing while it is down:
/// nothing is kept to be sent later, when nobody waits for it any more.
///
/// Order of messages is kept per subscription. Received messages wait in memory only up to what one read brings; beyond
/// that the socket is not read, so a flood slows the server down instead of being dropped here.
@Reactor
public final class NATSConnection {
    /// Settled: the URLs without user and password.
    public let configuration: NATSConfiguration
    public internal(set) var state = NATSConnectionState.reconnecting
    public internal(set) var statistics = NATSStatistics()

    let logger: Logger
    private let inboxPrefix: String
    let replySubject: ReplySubject
    var requests: RequestTable
    var requestTimer: (timer: ReactorTimer, deadline: UInt64)?
    var link: Link?
    var maximumPayload = 1_048_576

    var subscriptions: [NATSSubscription] = []
    var replies: NATSSubscription?
    var backlog = Backlog()
    var isDeliveryPosted = false
    /// Messages that libnats has queued for subscriptions in the present read.
    var uncollected = 0
    /// Where the last message was found: the next one is likely there too.
    var lastIndex = 0

    private var observers: [(number: Int, body: @Reactor (NATSConnectionState) -> Void)] = []
    private var observersMade = 0
    var missedPings = 0
    var isClosed = false
    var lastServerError: (error: NATSError, time: UInt64)?

    /// Waits of libnats (connecting, flushing, closing) happen here.
    nonisolated static let threads = BlockingPool(name: "nats", threads: 4, queueLimit: 1_024)

    /// - Parameter configuration: settled.
    init(_ configuration: NATSConfiguration, inboxPrefix: String, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.inboxPrefix = inboxPrefix
        replySubject = ReplySubject(inbox: "\(inboxPrefix).\(ReplySubject.randomToken())")
        requests = RequestTable(limit: configuration.maximumRequestsPending)
    }

    /// Whether messages can be sent at this moment.
    public var isConnected: Bool { state == .connected && link?.isUp == true }

    /// Bytes that wait for the server to take them.
    public var bytesPending: Int { link?.bytesPending ?? 0 }

    /// Requests that wait for their reply.
    public var requestsPending: Int { requests.count }

    /// Calls `body` whenever the state changes from now on.
    public func onStateChange(_ body: @escaping @Reactor (NATSConnectionState) -> Void) {
        _ = observeState(body)
    }

    /// As ``onStateChange(_:)``; returns the number to stop it with.
    func observeState(_ body: @escaping @Reactor (NATSConnectionState) -> Void) -> Int {
        observersMade += 1
        observers.append((observersMade, body))
        return observersMade
    }

    func stopObserving(_ number: Int) { observers.removeAll { $0.number == number } }

    /// A fresh subject that only this process listens on: `<inbox prefix>.<random>`.
    public func newInbox() -> String { "\(inboxPrefix).\(ReplySubject.randomToken())" }

    func change(to state: NATSConnectionState) {
        guard self.state != state, self.state != .closed else { return }
        self.state = state
        for (_, body) in observers { body(state) }
        if state == .closed { observers = [] }
    }

    /// The error of a call that needs a connection and finds none.
    var unavailable: NATSError {
        isClosed
            ? NATSError(.closed, "the NATS connection is closed")
            : NATSError(.disconnected, "NATS is not connected at the moment")
    }
}
