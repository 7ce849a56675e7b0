internal import AsyncHTTPClient
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

extension StripeSimulator {
    /// Builds the parts and runs them until the server ends.
    func serve() async throws {
        let webhooks = WebhookDispatcher(settings: webhookSettings, logger: logger)
        let gate = HoldGate()
        let engine = try SimulatorEngine(
            stateFile: configuration.stateFile, webhooks: webhooks, settlementDelay: configuration.settlementDelay,
            logger: logger, clock: clock)
        let responder = SimulatorResponder(
            apiKey: configuration.apiKey, pipeline: CallPipeline(engine: engine, gate: gate),
            controls: SimulatorControls(engine: engine, webhooks: webhooks, gate: gate))
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: clientConfiguration)
        let result: Result<Void, any Error>
        do {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask {
                    await webhooks.run(client: client) { await engine.markDelivered([$0]) }
                }
                group.addTask { await engine.runSettlements() }
                await engine.resubmit()
                try await withGracefulShutdownHandler {
                    try await application(responder, engine).run()
                } onGracefulShutdown: {
                    // The handler is not asynchronous, and the server waits for the answers that are held.
                    Task { await gate.open() }
                }
                group.cancelAll()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try? await client.shutdown()
        try result.get()
    }

    private func application(_ responder: SimulatorResponder, _ engine: SimulatorEngine) -> some ApplicationProtocol {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: .maximum(configuration.maxConnections, logger: quiet)),
            onServerRunning: { [start, configuration, logger] channel in
                let port = channel.localAddress?.port ?? 0
                await engine.setBaseURL(configuration.publicURL ?? configuration.url(port: port))
                logger.info("stripe simulator listens", metadata: ["url": "\(configuration.url(port: port))"])
                await start.succeed(port)
            },
            logger: quiet)
    }

    private var webhookSettings: WebhookDispatcher.Settings {
        var settings = WebhookDispatcher.Settings(url: configuration.webhookURL, secret: configuration.webhookSecret)
        settings.enabledEvents = configuration.webhookEvents
        settings.maxAttempts = max(1, configuration.webhookAttempts)
        return settings
    }

    private var clientConfiguration: HTTPClient.Configuration {
        var options = HTTPClient.Configuration()
        options.redirectConfiguration = .disallow
        options.timeout.connect = .seconds(2)
        options.connectionPool.idleTimeout = .seconds(10)
        // The dispatcher has its own retries.
        options.connectionPool.retryConnectionEstablishment = false
        return options
    }
}
