public import Reactor

/// A message that a pull consumer delivered. It must be answered once: ``ack()``, ``nak(delay:)`` or ``term()``; one that is
/// dropped instead is delivered again when the consumer's `ackWait` is over.
///
/// Answers are sent without waiting; one that is lost makes the server deliver the message again.
@Reactor
public final class JetStreamMessage {
    public let message: NATSMessage
    /// Which delivery of this message this is, from 1.
    public let deliveries: Int
    /// The message's number in the stream.
    public let streamSequence: UInt64
    /// The delivery's number at the consumer.
    public let consumerSequence: UInt64
    /// When the stream stored it, in nanoseconds since 1970.
    public let timestamp_ns: Int64
    /// Messages that waited for the consumer behind this one.
    public let pending: UInt64

    private let received = Monotonic.now()
    private let connection: NATSConnection
    private let lease: PullLease

    private static let ackBody = Array("+ACK".utf8)
    private static let termBody = Array("+TERM".utf8)
    private static let progressBody = Array("+WPI".utf8)

    init(_ message: NATSMessage, _ subject: AckSubject, connection: NATSConnection, lease: PullLease) {
        self.message = message
        deliveries = subject.deliveries
        streamSequence = subject.streamSequence
        consumerSequence = subject.consumerSequence
        timestamp_ns = subject.timestamp_ns
        pending = subject.pending
        self.connection = connection
        self.lease = lease
    }

    /// Whether it has been answered.
    public var isSettled: Bool { lease.isOver }

    /// Time since it was received here: past `ackWait` it may be someone else's already.
    public var age: Duration { .nanoseconds(Int64(clamping: Monotonic.now() - received)) }

    /// Done: it is not delivered again. False when it was answered before or the connection is down.
    @discardableResult
    public func ack() -> Bool { settle(Self.ackBody) }

    /// Not done: it is delivered again after `delay`, to whoever pulls.
    @discardableResult
    public func nak(delay: Duration) -> Bool {
        settle(Array("-NAK {\"delay\":\(max(1, delay.nanoseconds))}".utf8))
    }

    /// Never to be delivered again. Keep a copy before.
    @discardableResult
    public func term() -> Bool { settle(Self.termBody) }

    /// Still at work: `ackWait` starts anew.
    @discardableResult
    public func inProgress() -> Bool { !lease.isOver && send(Self.progressBody) }

    private func settle(_ body: [UInt8]) -> Bool {
        guard !lease.isOver else { return false }
        lease.end()
        return send(body)
    }

    private func send(_ body: [UInt8]) -> Bool {
        do {
            try connection.respond(to: message, body: body)
            return true
        } catch {
            return false
        }
    }
}
