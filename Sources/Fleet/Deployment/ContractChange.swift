/// One difference between two versions of a contract.
public struct ContractChange: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Callers or consumers that worked before may fail.
        case breaking
        /// The version does not say what changed.
        case version
        /// Nobody has to do anything.
        case compatible
    }

    /// What of a contract it is about.
    public enum Subject: Sendable, Hashable {
        case worker
        /// By subject.
        case endpoint(String)
        /// By name.
        case stream(String)
        /// By stream and type.
        case event(String, type: String)
        /// By its key under `policies`.
        case policy(String)
    }

    /// The schemas that a change can lie in.
    public enum Part: String, Sendable, Hashable {
        case request, reply, payload
    }

    public let worker: String
    public let subject: Subject
    /// Nil when it is no change of a schema.
    public let part: Part?
    /// Where in the schema, as a JSON pointer (RFC 6901) that goes through `$ref`s; empty for all of it.
    public let pointer: String
    /// What changed, for people.
    public let words: String
    public let kind: Kind

    public var isBreaking: Bool { kind == .breaking }

    public init(
        worker: String, subject: Subject, part: Part? = nil, pointer: String = "", words: String, kind: Kind
    ) {
        self.worker = worker
        self.subject = subject
        self.part = part
        self.pointer = pointer
        self.words = words
        self.kind = kind
    }

    /// `endpoint orders.create, request /properties/items`
    public var place: String {
        let owner =
            switch subject {
            case .worker: "worker \(worker)"
            case .endpoint(let subject): "endpoint \(subject)"
            case .stream(let name): "stream \(name)"
            case .event(let stream, let type): "event \(stream) \(type)"
            case .policy(let key): "policy \(worker) \(key)"
            }
        guard let part else { return owner }
        return pointer.isEmpty ? "\(owner), \(part.rawValue)" : "\(owner), \(part.rawValue) \(pointer)"
    }
}

extension ContractChange: CustomStringConvertible {
    /// `breaking: endpoint orders.create, request /properties/items: at most 50 elements, were 100`
    public var description: String {
        let mark =
            switch kind {
            case .breaking: "breaking"
            case .version: "version"
            case .compatible: "change"
            }
        return "\(mark): \(place): \(words)"
    }
}
