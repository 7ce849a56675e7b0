public import Contracts
import FoundationEssentials
public import Logging
import NATS
import Postgres
import Reactor
public import ServiceLifecycle
import Streams

#if canImport(Glibc)
    import Glibc
#endif

/// Runs one worker: connects it, serves its endpoints, consumes its events, and drains when it is told to stop.
public struct WorkerRuntime: Service {
    private let worker: Worker
    private let contracts: ContractSet
    private let configuration: WorkerConfiguration
    private let logger: Logger

    public init(
        _ worker: Worker, contracts: ContractSet, configuration: WorkerConfiguration, logger: Logger
    ) {
        self.worker = worker
        self.contracts = contracts
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until the service group shuts down gracefully or the task is cancelled.
    ///
    /// - Throws: ``WorkerError`` when contract and code do not match or the schema is not there, and the errors of NATS
    ///   and Postgres when they cannot be reached within the start limit.
    public func run() async throws {
        try await serve()
    }

    @Reactor
    private func serve() async throws {
        guard let contract = contracts[worker.name] else {
            throw WorkerError(
                "there is no contract for the worker \(worker.name); expected subjects/\(worker.name).yaml")
        }
        try ContractMatch(worker, contract).check()
        let began = ContinuousClock.now
        let services = try await connect(contract)
        let load = RequestLoad(limit: configuration.requestLimit)
        let servers = makeServers(contract, services, load)
        let discovery = ServiceDiscovery(
            contract: contract, id: UUIDv7.next().text.replacing("-", with: ""),
            metadata: [("instance", configuration.instance), ("pid", String(getpid()))], servers: servers,
            services: services)
        let loops = worker.consumers.compactMap { consumer in
            contracts.stream(named: consumer.stream).map {
                ConsumerLoop(consumer: consumer, stream: $0, services: services)
            }
        }
        let plan = StreamPlan(of: worker.name, contracts)
        await cancelWhenGracefulShutdown { await services.streams.untilPermitted(plan.parts) }
        guard !Task.isShuttingDownGracefully, !Task.isCancelled else {
            await drain(services, load: load, servers: [], loops: [], discovery: discovery)
            return
        }
        for server in servers { try server.subscribe() }
        try discovery.subscribe()
        logger.info("ready", metadata: ["ms": "\((ContinuousClock.now - began).milliseconds)"])

        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                if let stream = contract.stream { await keep(stream, services) }
                await services.relay.run()
            }
            for loop in loops { group.addTask { await loop.start() } }
            for task in worker.periodicTasks + [IdempotencyScope.forgetting, DeliveryLog.forgetting] {
                group.addTask { await PeriodicLoop(task: task, services: services).run() }
            }
            // Returns when the service group begins its graceful shutdown, or this task is cancelled.
            try? await gracefulShutdown()
            await drain(services, load: load, servers: servers, loops: loops, discovery: discovery)
            group.cancelAll()
        }
        logger.info("drained")
    }

    @Reactor
    private func connect(_ contract: Contract) async throws -> Services {
        var nats = configuration.nats
        nats.name = configuration.instance
        nats.connectTimeout = configuration.startLimit
        async let connecting = NATSConnection.connect(nats, logger: logger)
        let database = PostgresPool(configuration.postgres, logger: logger)
        try await database.start()
        try await SchemaCheck(database: database, worker: worker.name, limit: configuration.startLimit).run()
        let connection = try await connecting
        let jetStream = JetStream(connection)
        let streams = StreamKeeper(jetStream: jetStream, logger: logger)
        return Services(
            contract: contract, contracts: contracts, nats: connection, jetStream: jetStream, database: database,
            streams: streams,
            relay: Relay(contract: contract, jetStream: jetStream, database: database, logger: logger),
            calls: OutgoingCalls(nats: connection, contracts: contracts, caller: contract),
            inspection: configuration.isInspected ? Inspection(contract: contract, logger: logger) : nil,
            logger: logger)
    }

    @Reactor
    private func makeServers(_ contract: Contract, _ services: Services, _ load: RequestLoad) -> [EndpointServer] {
        let endpoints = Dictionary(worker.endpoints.map { ($0.subject, $0) }) { first, _ in first }
        return contract.endpoints.compactMap { declared in
            endpoints[declared.subject].map {
                EndpointServer(contract: declared, endpoint: $0, services: services, load: load)
            }
        }
    }

    /// The worker's own stream, before the first event goes out.
    @Reactor
    private func keep(_ stream: EventStream, _ services: Services) async {
        var pause = Duration.milliseconds(50)
        while !Task.isCancelled {
            var isRefused = false
            do throws(NATSError) {
                return try await services.streams.ensure([.stream(StreamConfiguration(stream))])
            } catch {
                isRefused = error.code == .notPermitted
                logger.debug("stream not ready yet", metadata: ["stream": "\(stream.name)", "error": "\(error)"])
            }
            do { try await Reactor.sleep(for: pause) } catch { return }
            pause = StreamKeeper.pause(after: pause, isRefused: isRefused)
        }
    }

    /// Takes no more, finishes what was taken, flushes, closes: nobody who was answered or acked loses anything, and
    /// nobody who asked goes without an answer.
    @Reactor
    private func drain(
        _ services: Services, load: RequestLoad, servers: [EndpointServer], loops: [ConsumerLoop],
        discovery: ServiceDiscovery
    ) async {
        logger.info("draining", metadata: ["inFlight": "\(load.count)"])
        let share = configuration.drainLimit / 4
        discovery.unsubscribe()
        await withTaskGroup(of: Void.self) { group in
            for server in servers {
                if let subscription = server.subscription {
                    group.addTask { await subscription.drain(timeout: share) }
                }
            }
            for loop in loops { group.addTask { await loop.drain(within: share) } }
            group.addTask { await worker.settling(share) }
        }
        await load.idle(within: share)
        await services.relay.settle(within: share)
        // A server that is away cannot be flushed to; what matters is in Postgres.
        try? await services.nats.flush(timeout: share)
        await services.nats.close()
        await services.database.shutdown()
    }
}

extension Duration {
    var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
