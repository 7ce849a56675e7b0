/// What a durable pull consumer with explicit acknowledgement is to be like.
public struct ConsumerConfiguration: Sendable, Hashable {
    public enum DeliverPolicy: Sendable, Hashable {
        /// From the first message in the stream.
        case all
        /// Only what comes after the consumer is made.
        case new
        /// From the last message on.
        case last
        case fromSequence(UInt64)
    }

    public var stream: String
    /// The durable's name, `[A-Za-z0-9_-]{1,64}`.
    public var name: String
    public var description: String?
    /// One subject, with wildcards; nil takes the whole stream (2.9 knows a single filter).
    public var filterSubject: String?
    /// Cannot be changed later.
    public var deliverPolicy = DeliverPolicy.all
    /// How long a delivered message may stay unanswered before it is delivered again.
    public var ackWait: Duration = .seconds(30)
    /// Deliveries before the server gives a message up; -1 is no limit. Must exceed the length of `backoff`.
    public var maximumDeliveries = -1
    /// Waits before the 2nd, 3rd, … delivery after a timeout, instead of `ackWait`; not used for `nak`.
    public var backoff: [Duration] = []
    /// Messages delivered and not answered, over all who pull.
    public var maximumAckPending = 1_000
    /// Pulls that may wait at the server.
    public var maximumWaiting = 512

    public init(stream: String, name: String) {
        self.stream = stream
        self.name = name
    }

    var fields: [String: JSONTree] {
        var fields: [String: JSONTree] = [
            "durable_name": .text(name),
            "ack_policy": .text("explicit"),
            "replay_policy": .text("instant"),
            "ack_wait": .nanoseconds(backoff.first ?? ackWait),
            "max_deliver": .integer(Int64(maximumDeliveries)),
            "max_ack_pending": .integer(Int64(maximumAckPending)),
            "max_waiting": .integer(Int64(maximumWaiting)),
        ]
        switch deliverPolicy {
        case .all: fields["deliver_policy"] = .text("all")
        case .new: fields["deliver_policy"] = .text("new")
        case .last: fields["deliver_policy"] = .text("last")
        case .fromSequence(let sequence):
            fields["deliver_policy"] = .text("by_start_sequence")
            fields["opt_start_seq"] = .integer(Int64(clamping: sequence))
        }
        if let filterSubject { fields["filter_subject"] = .text(filterSubject) }
        if let description { fields["description"] = .text(description) }
        if !backoff.isEmpty { fields["backoff"] = .list(backoff.map { .nanoseconds($0) }) }
        return fields
    }
}
