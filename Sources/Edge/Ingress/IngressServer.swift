package import Contracts
import HummingbirdCore
package import Logging
package import NATS
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The HTTP door of the fleet: routes of the contracts in, NATS requests out.
///
/// It holds no business and no data; what protects data is done again by the workers.
package struct IngressServer: Service {
    private let configuration: IngressConfiguration
    private let contracts: ContractSet
    private let staticRoutes: [Route]
    private let routes: RouteTree
    private let workers: [String]
    private let nats: NATSConnection
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - contracts: what is routed; endpoints with internal access are not.
    ///   - nats: stays the caller's; while it is lost, what needs it is answered with 503.
    ///   - onListening: called with the port once requests are taken.
    /// - Throws: ``IngressError`` when two contracts claim one route, or one asks for what cannot be forwarded.
    package init(
        configuration: IngressConfiguration, contracts: ContractSet, nats: NATSConnection, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(IngressError) {
        self.configuration = configuration
        self.contracts = contracts
        staticRoutes = try Route.all(in: contracts)
        routes = try RouteTree(staticRoutes)
        workers = contracts.contracts.map(\.name)
        self.nats = nats
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until graceful shutdown or cancellation, then finishes what is in flight, at most for the drain timeout.
    ///
    /// Listens after the first look for services, so that their routes are there from the first request on; 1.5 s later at
    /// most, whatever the broker does. Call it once. Does not close the connection to NATS.
    /// - Throws: when the address cannot be listened on.
    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopThreads)
        let keys = KeyStore()
        let board = HealthBoard(workers: workers)
        let documents = APIDocuments(contracts, version: configuration.version)
        let fetcher = KeyFetcher(nats: nats, store: keys, configuration: configuration, logger: logger)
        let probe = HealthProbe(nats: nats, board: board, workers: workers, configuration: configuration)
        let forwarder = Forwarder(nats: nats, backoff_ms: configuration.retryBackoff_ms, logger: logger)
        var failure: (any Error)?
        do {
            let gateways = try await Gateways(group: group) { [configuration, routes, documents, logger] loop in
                Gateway(
                    configuration: configuration, routes: routes, documents: documents, keys: keys, health: board,
                    forwarder: forwarder, keyFetcher: fetcher, loop: loop, logger: logger)
            }
            let firstLook = FirstLook()
            let discovery = Discovery(
                nats: nats, configuration: configuration, contracts: contracts, staticRoutes: staticRoutes,
                logger: logger, onFirstLook: { firstLook.isOver() }
            ) { [contracts, configuration] routes, discovered in
                let all = try? ContractSet(contracts.contracts + discovered)
                let documents = APIDocuments(
                    all ?? contracts, foreign: Set(discovered.map(\.name)), version: configuration.version)
                gateways.use(routes, documents)
            }
            failure = await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await fetcher.run() }
                tasks.addTask { await probe.run() }
                tasks.addTask { await discovery.run() }
                defer { tasks.cancelAll() }
                await firstLook.wait()
                do { try await serve(gateways, group) } catch { return error }
                return nil
            }
            await gateways.closeMailboxes()
        } catch {
            failure = error
        }
        try? await group.shutdownGracefully()
        if let failure { throw failure }
    }

    private func serve(_ gateways: Gateways, _ group: MultiThreadedEventLoopGroup) async throws {
        let drain = Drain(gateways: gateways, timeout: configuration.drainTimeout, logger: logger)
        let room = DescriptorLimit.raise()
        if room < configuration.maxConnections {
            logger.warning("the system's limit of open files allows fewer connections", metadata: ["limit": "\(room)"])
        }
        let server = Server(
            childChannelSetup: ConnectionSetup(gateways: gateways, configuration: configuration),
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024,
                availableConnectionsDelegate: .maximum(min(configuration.maxConnections, room), logger: logger)),
            onServerRunning: { [onListening] channel in
                drain.didStartListening()
                await onListening(channel.localAddress?.port ?? 0)
            },
            eventLoopGroup: group, logger: logger)
        drain.attach(server)
        // Unstructured, because it has to outlive the cancellation that begins the drain; awaited right below.
        let serving = Task { try await server.run() }
        let end = await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await serving.result
            } onGracefulShutdown: {
                drain.begin()
            }
        } onCancel: {
            drain.begin()
        }
        await drain.finish()
        try end.get()
    }
}
