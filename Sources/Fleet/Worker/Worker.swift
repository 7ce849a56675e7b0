/// A worker as a value: the business behind one contract.
///
/// `WorkerRuntime` gives it a connection to the broker, its schema, and everything that is the same for all workers.
public struct Worker: Sendable {
    /// The name of the contract, `orders`; also the schema, the queue of its consumers and the `$SRV` service name.
    public let name: String
    public let endpoints: [Endpoint]
    public let consumers: [EventConsumer]
    public let periodicTasks: [PeriodicTask]

    /// - Parameters:
    ///   - endpoints: exactly one for each endpoint of the contract.
    ///   - consumers: exactly one for each stream that the contract consumes.
    ///   - periodicTasks: work that is due by time, for instance what a row says.
    public init(
        _ name: String, endpoints: [Endpoint], consumers: [EventConsumer] = [], periodicTasks: [PeriodicTask] = []
    ) {
        self.name = name
        self.endpoints = endpoints
        self.consumers = consumers
        self.periodicTasks = periodicTasks
    }
}
