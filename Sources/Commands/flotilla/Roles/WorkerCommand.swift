import ArgumentParser
import Contracts
import Inventory
import Logging
import NATS
import Notifications
import Orders
import Payments
import Postgres
import ServiceLifecycle
import Stripe
import UnixSignals
import Users
import Worker

/// Runs one worker until SIGTERM, then drains it.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Run one worker; its surroundings come from the environment.",
        discussion: """
            \(Surroundings.brokerHelp)
            FLOTILLA_POSTGRES_URL                      where the database is
            FLOTILLA_SUBJECTS                          the folder of the contracts (default: subjects)
            FLOTILLA_INSTANCE                          what this instance is called (default: the worker's name)
            FLOTILLA_POOL                              database connections (default: 10)
            LOG_LEVEL, LOG_FORMAT                      info; json, or text on a terminal
            FLOTILLA_BCRYPT_COST                       users: work factor of passwords, 4 to 15 (default: 12)
            FLOTILLA_SESSION_S                         users: until a session ends that is not refreshed (default: 30 days)
            FLOTILLA_REGISTRATIONS_PER_HOUR            users: from one client address (default: 20; 0: no limit)
            FLOTILLA_PAYMENT_ATTEMPTS                  payments: declines until an order is given up (default: 1)
            \(NotificationsSettings.help)
            """)

    enum Name: String, CaseIterable, ExpressibleByArgument {
        case users
        case orders
        case inventory
        case payments
        case notifications
    }

    @Argument(help: "Which one.")
    var name: Name

    func run() async throws {
        let surroundings = Surroundings()
        try surroundings.startLogging()
        let logger = Logger(label: surroundings.optional("FLOTILLA_INSTANCE") ?? name.rawValue)
        let contracts = try ContractSet.load(directory: surroundings.optional("FLOTILLA_SUBJECTS") ?? "subjects")
        let (worker, close) = try make(surroundings, logger)
        let runtime = WorkerRuntime(
            worker, contracts: contracts, configuration: try configuration(surroundings), logger: logger)
        let group = ServiceGroup(
            services: [runtime], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        do { try await group.run() } catch {
            await close()
            throw error
        }
        await close()
    }

    private func configuration(_ surroundings: Surroundings) throws -> WorkerConfiguration {
        let instance = surroundings.optional("FLOTILLA_INSTANCE") ?? name.rawValue
        let nats = try surroundings.broker(name: instance)
        var postgres = PostgresConfiguration(
            url: try surroundings.required(
                "FLOTILLA_POSTGRES_URL", example: "postgres://\(name.rawValue):secret@127.0.0.1/flotilla"))
        postgres.applicationName = instance
        postgres.maxConnections = try surroundings.integer("FLOTILLA_POOL", default: 10, in: 1...200)
        return WorkerConfiguration(nats: nats, postgres: postgres, instance: instance)
    }

    /// The worker, and what is to be closed after it has run.
    private func make(
        _ surroundings: Surroundings, _ logger: Logger
    ) throws -> (Worker, @Sendable () async -> Void) {
        switch name {
        case .users: return (try users(surroundings), {})
        case .orders:
            let limit = try surroundings.seconds("FLOTILLA_PAYMENT_LIMIT_S", default: 1_800)
            return (Orders.worker(OrdersSettings(paymentLimit: limit)), {})
        case .inventory:
            let hold = try surroundings.seconds("FLOTILLA_HOLD_S", default: 900)
            let limit = try surroundings.integer("FLOTILLA_HOLDS_PER_CUSTOMER", default: 20, in: 0...1_000_000)
            return (Inventory.worker(InventorySettings(hold: hold, holdsPerCustomer: limit)), {})
        case .payments: return try payments(surroundings, logger)
        case .notifications: return (Notifications.worker(try NotificationsSettings(surroundings)), {})
        }
    }

    private func users(_ surroundings: Surroundings) throws -> Worker {
        let path = try surroundings.required("FLOTILLA_JWT_KEY_FILE", example: "/run/secrets/jwt-key")
        var settings = UsersSettings(signer: try TokenSigner(seedFile: path))
        settings.bcryptCost = try surroundings.integer("FLOTILLA_BCRYPT_COST", default: settings.bcryptCost, in: 4...15)
        settings.sessionLifetime = try surroundings.seconds(
            "FLOTILLA_SESSION_S", default: Int(settings.sessionLifetime.components.seconds))
        settings.registrationsPerHour = try surroundings.integer(
            "FLOTILLA_REGISTRATIONS_PER_HOUR", default: settings.registrationsPerHour, in: 0...1_000_000)
        return Users.worker(settings)
    }

    private func payments(
        _ surroundings: Surroundings, _ logger: Logger
    ) throws -> (Worker, @Sendable () async -> Void) {
        var configuration = StripeClient.Configuration(apiKey: try surroundings.secret("FLOTILLA_STRIPE_KEY"))
        configuration.baseURL = try surroundings.webURL("FLOTILLA_STRIPE_URL") ?? configuration.baseURL
        let secret = try surroundings.secret("FLOTILLA_STRIPE_WEBHOOK_SECRET")
        let client = StripeClient(configuration: configuration, logger: logger)
        var settings = PaymentsSettings(
            stripe: client, webhookSecret: secret, returnURL: try surroundings.webURL("FLOTILLA_PAYMENT_RETURN_URL"))
        settings.maxAttempts = try surroundings.integer(
            "FLOTILLA_PAYMENT_ATTEMPTS", default: settings.maxAttempts, in: 1...20)
        return (Payments.worker(settings), { await client.shutdown() })
    }
}
