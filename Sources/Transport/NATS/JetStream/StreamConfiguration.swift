/// What a stream is to be like (the fields that a 2.9 server knows and this fleet uses).
public struct StreamConfiguration: Sendable, Hashable {
    public enum Storage: String, Sendable { case file, memory }
    public enum Retention: String, Sendable { case limits, interest, workqueue }
    /// What happens to a message that would exceed a limit: the oldest goes, or the new one is refused.
    public enum Discard: String, Sendable { case old, new }

    public var name: String
    public var subjects: [String]
    public var description: String?
    public var storage = Storage.file
    public var retention = Retention.limits
    public var discard = Discard.old
    /// Zero keeps messages for ever.
    public var maximumAge: Duration = .zero
    /// Bytes on disk; -1 is no limit, which lets one stream fill the disk.
    public var maximumBytes: Int64 = -1
    public var maximumMessages: Int64 = -1
    /// How long a `Nats-Msg-Id` is remembered; not longer than `maximumAge`.
    public var duplicateWindow: Duration = .seconds(600)
    public var replicas = 1

    public init(name: String, subjects: [String]) {
        self.name = name
        self.subjects = subjects
    }

    var fields: [String: JSONTree] {
        var fields: [String: JSONTree] = [
            "name": .text(name),
            "subjects": .list(subjects.map { .text($0) }),
            "storage": .text(storage.rawValue),
            "retention": .text(retention.rawValue),
            "discard": .text(discard.rawValue),
            "max_age": .nanoseconds(maximumAge),
            "max_bytes": .integer(maximumBytes),
            "max_msgs": .integer(maximumMessages),
            "duplicate_window": .nanoseconds(duplicateWindow),
            "num_replicas": .integer(Int64(replicas)),
        ]
        if let description { fields["description"] = .text(description) }
        return fields
    }
}
