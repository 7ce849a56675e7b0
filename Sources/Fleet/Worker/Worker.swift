/// A worker as a value: the business behind one contract.
///
/// `WorkerRuntime` gives it a connection to the broker, its schema, and everything that is the same for all workers.
public struct Worker: Sendable {
    /// The name of the contract, `orders`; also the schema, the queue of its consumers and the `$SRV` service name.
    public let name: String
    public let endpoints: [Endpoint]
    public let consumers: [EventConsumer]
    public let periodicTasks: [PeriodicTask]
    /// The types of the events that it appends.
    public let emits: Set<String>
    /// The subjects of other workers that it calls.
    public let calls: Set<String>
    /// Ends what the worker does on its own, beside handlers and consumers, before its database goes.
    let settling: @Reactor @Sendable (Duration) async -> Void

    /// - Parameters:
    ///   - endpoints: exactly one for each endpoint of the contract.
    ///   - consumers: exactly one for each stream that the contract consumes.
    ///   - periodicTasks: work that is due by time, for instance what a row says.
    ///   - emits: exactly the event types of the contract.
    ///   - calls: exactly the calls of the contract.
    ///   - settling: called when the worker drains, with the time that it has at most: what it began on its own, such as
    ///     deliveries to others, is to be finished and noted, and nothing more begun.
    public init(
        _ name: String, endpoints: [Endpoint], consumers: [EventConsumer] = [], periodicTasks: [PeriodicTask] = [],
        emits: Set<String> = [], calls: Set<String> = [],
        settling: @escaping @Reactor @Sendable (Duration) async -> Void = { _ in }
    ) {
        self.name = name
        self.endpoints = endpoints
        self.consumers = consumers
        self.periodicTasks = periodicTasks
        self.emits = emits
        self.calls = calls
        self.settling = settling
    }
}
