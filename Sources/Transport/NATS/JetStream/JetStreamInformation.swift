/// The state of a stream.
public struct StreamInformation: Sendable, Hashable, Decodable {
    public let name: String
    public let messages: UInt64
    public let bytes: UInt64
    public let firstSequence: UInt64
    public let lastSequence: UInt64
    public let consumers: Int

    private enum CodingKeys: String, CodingKey { case config, state }
    private enum ConfigurationKeys: String, CodingKey { case name }
    private enum StateKeys: String, CodingKey {
        case messages, bytes
        case firstSequence = "first_seq"
        case lastSequence = "last_seq"
        case consumers = "consumer_count"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.nestedContainer(keyedBy: ConfigurationKeys.self, forKey: .config)
            .decode(String.self, forKey: .name)
        let state = try container.nestedContainer(keyedBy: StateKeys.self, forKey: .state)
        messages = try state.decode(UInt64.self, forKey: .messages)
        bytes = try state.decode(UInt64.self, forKey: .bytes)
        firstSequence = try state.decode(UInt64.self, forKey: .firstSequence)
        lastSequence = try state.decode(UInt64.self, forKey: .lastSequence)
        consumers = try state.decode(Int.self, forKey: .consumers)
    }
}

/// The state of a consumer.
public struct ConsumerInformation: Sendable, Hashable, Decodable {
    public let stream: String
    public let name: String
    /// Messages not delivered yet: the lag.
    public let pending: UInt64
    /// Messages delivered and not answered yet.
    public let ackPending: Int
    /// Of these, delivered more than once.
    public let redelivered: Int
    /// Pulls that wait for messages.
    public let waiting: Int
    public let deliveredStreamSequence: UInt64
    /// Everything up to this number in the stream is answered.
    public let ackFloorStreamSequence: UInt64

    private enum CodingKeys: String, CodingKey {
        case stream = "stream_name"
        case name
        case pending = "num_pending"
        case ackPending = "num_ack_pending"
        case redelivered = "num_redelivered"
        case waiting = "num_waiting"
        case delivered
        case ackFloor = "ack_floor"
    }
    private enum SequenceKeys: String, CodingKey { case streamSequence = "stream_seq" }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        stream = try container.decode(String.self, forKey: .stream)
        name = try container.decode(String.self, forKey: .name)
        pending = try container.decode(UInt64.self, forKey: .pending)
        ackPending = try container.decode(Int.self, forKey: .ackPending)
        redelivered = try container.decode(Int.self, forKey: .redelivered)
        waiting = try container.decode(Int.self, forKey: .waiting)
        deliveredStreamSequence = try container.nestedContainer(keyedBy: SequenceKeys.self, forKey: .delivered)
            .decode(UInt64.self, forKey: .streamSequence)
        ackFloorStreamSequence = try container.nestedContainer(keyedBy: SequenceKeys.self, forKey: .ackFloor)
            .decode(UInt64.self, forKey: .streamSequence)
    }
}
