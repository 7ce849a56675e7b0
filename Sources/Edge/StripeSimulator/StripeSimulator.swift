internal import FoundationEssentials
public import Logging
public import ServiceLifecycle

/// A Stripe that runs on this machine: the part of its API that payments need, over real HTTP, with state.
///
/// Test payment methods have Stripe's outcomes, idempotency keys replay, intents go through Stripe's state machine,
/// 3-D Secure has a page (`/3ds/{intent}`), and events are delivered signed, with retries. `/sim/` shows the ledger and
/// makes things go wrong. With a state file, a restarted simulator knows everything it knew.
public final class StripeSimulator: Service {
    public let configuration: Configuration
    let logger: Logger
    let start = StartSignal()
    let clock: @Sendable () -> Int64

    public convenience init(configuration: Configuration, logger: Logger) {
        self.init(configuration: configuration, logger: logger, clock: { Int64(Date().timeIntervalSince1970) })
    }

    /// - Parameter clock: seconds since 1970.
    init(configuration: Configuration, logger: Logger, clock: @escaping @Sendable () -> Int64) {
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
    }

    /// The port that is listened on. Waits until it is known.
    /// - Throws: why the simulator did not start, or that it ended.
    public func port() async throws(StripeSimulatorError) -> Int { try await start.port() }

    /// `http://host:port`. Waits until it is known.
    public func url() async throws(StripeSimulatorError) -> String { configuration.url(port: try await port()) }

    /// Serves until a graceful shutdown or cancellation. Answers that are under way are finished; webhooks that were
    /// not delivered are delivered after the next start, if there is a state file.
    public func run() async throws {
        guard await start.begin() else { throw StripeSimulatorError.alreadyRun }
        do {
            try configuration.check()
            try await serve()
            await start.fail(.ended)
        } catch let error as StripeSimulatorError {
            await start.fail(error)
            throw error
        } catch {
            // Before the start, the only thing that can fail is to listen.
            let failure = StripeSimulatorError.cannotListen(
                host: configuration.host, port: configuration.port, reason: "\(error)")
            guard await start.fail(failure) else { throw error }
            throw failure
        }
    }
}
