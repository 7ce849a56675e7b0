/// What one worker promises: the endpoints that it answers, the events that it emits, and what it needs from others.
public struct Contract: Sendable, Hashable {
    /// Also the name of the worker's database schema and NATS user.
    public let name: String
    /// Semantic version, for instance `1.0.0`.
    public let version: String
    public let description: String
    public let policies: Policies
    /// In the order of the file.
    public let schemas: [SchemaDefinition]
    public let endpoints: [EndpointContract]
    /// The events of this worker, if it emits any.
    public let stream: EventStream?
    public let consumes: [Consumption]
    /// Subjects of endpoints of other workers.
    public let calls: [String]

    public init(
        name: String, version: String, description: String, policies: Policies = Policies(),
        schemas: [SchemaDefinition] = [], endpoints: [EndpointContract], stream: EventStream? = nil,
        consumes: [Consumption] = [], calls: [String] = []
    ) {
        self.name = name
        self.version = version
        self.description = description
        self.policies = policies
        self.schemas = schemas
        self.endpoints = endpoints
        self.stream = stream
        self.consumes = consumes
        self.calls = calls
    }

    /// The endpoint of that name, for instance `products-list`.
    public func endpoint(named name: String) -> EndpointContract? {
        endpoints.first { $0.name == name }
    }
}

/// Events of a stream that a worker wants to see.
public struct Consumption: Sendable, Hashable {
    /// The name of the stream, for instance `ORDER_EVENTS`.
    public let stream: String
    /// The types that have an effect; nil for all. Events of other types still move the version cursor.
    public let types: [String]?

    public init(stream: String, types: [String]? = nil) {
        self.stream = stream
        self.types = types
    }

    public func wants(_ type: String) -> Bool {
        types?.contains(type) ?? true
    }
}
