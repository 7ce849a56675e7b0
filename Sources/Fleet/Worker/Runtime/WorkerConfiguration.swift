public import NATS
public import Postgres

/// What the process that runs a worker says about its surroundings.
public struct WorkerConfiguration: Sendable {
    public var nats: NATSConfiguration
    public var postgres: PostgresConfiguration
    /// How people call this instance, `orders.2`; shown by `flotilla ps`.
    public var instance: String
    /// Requests worked on at a time; more are answered with 503 and `Retry-After`.
    public var requestLimit = 512
    /// How long the start waits for the broker and the database.
    public var startLimit = Duration.seconds(30)
    /// How long a drain may take in all.
    public var drainLimit = Duration.seconds(8)

    /// Whether replies, refusals and events are held against the contract before they go out; for tests.
    public var isInspected = false

    public init(nats: NATSConfiguration, postgres: PostgresConfiguration, instance: String) {
        self.nats = nats
        self.postgres = postgres
        self.instance = instance
    }
}
