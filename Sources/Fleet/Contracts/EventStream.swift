public import FoundationEssentials
import JSON
public import Schema

/// The events of a worker: one subject for each event, `<prefix>.<partition>.<aggregate id>.<TYPE>`.
public struct EventStream: Sendable, Hashable {
    /// The worker that emits them.
    public let worker: String
    /// The JetStream name, for instance `ORDER_EVENTS`.
    public let name: String
    /// The first token of the subjects, for instance `order-events`.
    public let prefix: String
    /// What the events are about, for instance `order`.
    public let aggregate: String
    public let partitions: Int
    public let retention: Duration
    /// Copies, where the cluster has so many servers.
    public let replicas: Int
    /// How long JetStream remembers message ids.
    public let duplicateWindow: Duration
    public let types: [EventType]

    public init(
        worker: String, name: String, prefix: String, aggregate: String, partitions: Int, retention: Duration,
        replicas: Int = 3, duplicateWindow: Duration = .seconds(600), types: [EventType]
    ) {
        self.worker = worker
        self.name = name
        self.prefix = prefix
        self.aggregate = aggregate
        self.partitions = partitions
        self.retention = retention
        self.replicas = replicas
        self.duplicateWindow = duplicateWindow
        self.types = types
    }

    /// All subjects of the stream.
    public var wildcard: String { "\(prefix).>" }

    public func type(named name: String) -> EventType? {
        types.first { $0.name == name }
    }

    /// Where an event is published.
    public func subject(aggregateId: UUID, type: String) -> String {
        "\(prefix).\(partition(of: aggregateId)).\(aggregateId.text).\(type)"
    }

    /// The partition of an aggregate, from 0: FNV-1a (64 bits) over the 36 lowercase characters of the id, modulo the number of
    /// partitions. Publishers in other languages have to compute the same.
    public func partition(of aggregateId: UUID) -> Int {
        let hash = aggregateId.withLowercaseText { text in
            text.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        }
        return Int(hash % UInt64(partitions))
    }
}

/// One kind of event.
public struct EventType: Sendable, Hashable {
    /// For instance `ORDER_CREATED`.
    public let name: String
    public let description: String
    /// The whole payload, `eventType` and `timestamp` included. Nil says nothing about it.
    public let payload: JSONSchema?

    public init(name: String, description: String, payload: JSONSchema? = nil) {
        self.name = name
        self.description = description
        self.payload = payload
    }
}
