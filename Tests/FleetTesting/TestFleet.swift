package import Contracts
import Deployment
import Foundation
package import JSON
package import LocalServers
package import Logging
import Migrations
package import NATS
import Postgres
import ServiceLifecycle
import Streams
package import Worker

/// Some workers of the fleet, run in this process against a nats-server and a database of their own; each is its own user of
/// the broker, with the permissions of its contract.
package final class TestFleet: Sendable {
    package struct Answer: Sendable {
        /// 0 for a success: over NATS only refusals have a number.
        package let status: Int
        /// `Nats-Service-Error`; nil for a success.
        package let reason: String?
        /// `Retry-After` in seconds.
        package let retryAfter_s: Int?
        package let body: JSONValue
        package let bytes: [UInt8]
    }

    package let nats: LocalNATS
    package let client: NATSConnection
    package let contracts: ContractSet
    private let databaseName: String
    private let cluster: LocalPostgres
    private let logger: Logger

    /// The same for all databases of the cluster, because roles are the cluster's.
    private static let password = "only-for-tests"

    private init(
        nats: LocalNATS, client: NATSConnection, contracts: ContractSet, cluster: LocalPostgres, database: String
    ) {
        self.nats = nats
        self.client = client
        self.contracts = contracts
        self.cluster = cluster
        databaseName = database
        logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }

    /// Starts servers, migrates, runs `workers` until `body` returns, drains them and stops the nats-server.
    ///
    /// Fails when a worker did on the broker what its contract does not say.
    /// - Parameters:
    ///   - others: workers that run elsewhere (see ``WorkerProcess``) or later; their schemas and users are there.
    ///   - migrations: folder of the migrations; nil takes the repository's.
    ///   - contracts: nil takes the repository's.
    ///   - isBare: whether streams, consumers and running workers are left to `body`.
    ///   - violations: the lines of the broker's log that the test has earned.
    package static func run<T: Sendable>(
        _ workers: [Worker], others: [String] = [], contracts: ContractSet? = nil, migrations: String? = nil,
        isBare: Bool = false,
        violations: (String) -> Bool = { _ in false },
        _ body: @escaping @Sendable (TestFleet) async throws -> T
    ) async throws -> T {
        let home = try Home.find()
        let contracts = try contracts ?? ContractSet.load(directory: "\(home)/subjects")
        let cluster = try await TestServers.postgres()
        let url = try await TestServers.database()
        let names = Array(Set(workers.map(\.name) + others))
        _ = try await MigrationRunner(
            directory: migrations ?? "\(home)/migrations", adminURL: url,
            passwords: Dictionary(uniqueKeysWithValues: names.map { ($0, password) }),
            logger: Logger(label: "migrations") { _ in SwiftLogNoOpLogHandler() }
        ).run(only: names)
        let permissions = try BrokerPermissions(contracts)
        var options = LocalNATS.Options(directory: try TestServers.directory())
        options.extraConfiguration = permissions.configuration(
            passwords: .given(Dictionary(uniqueKeysWithValues: permissions.userNames.map { ($0, password) })))
        let nats = try await LocalNATS.start(options)
        let client = try await NATSConnection.connect(
            broker(nats, as: BrokerPermissions.operatorName),
            logger: Logger(label: "client") { _ in SwiftLogNoOpLogHandler() })
        if !isBare { _ = try await StreamPlan(contracts).apply(to: JetStream(client)) }
        let database = url.split(separator: "/").last.map(String.init) ?? ""
        let fleet = TestFleet(
            nats: nats, client: client, contracts: contracts, cluster: cluster, database: database)
        let result: Result<T, any Error>
        do {
            result = .success(
                isBare ? try await body(fleet) : try await fleet.run(workers) { try await body(fleet) })
        } catch { result = .failure(error) }
        await client.close()
        await nats.stop()
        let value = try result.get()
        let violated = try Self.violations(nats).filter { !violations($0) }
        guard violated.isEmpty else {
            throw Problem(description: "against the permissions: \(violated.joined(separator: "\n"))")
        }
        return value
    }

    private static func broker(_ nats: LocalNATS, as user: String) -> NATSConfiguration {
        var configuration = NATSConfiguration(url: nats.url, name: "test")
        configuration.credentials = .user(user, password: password)
        return configuration
    }

    /// What the broker refused; answers to requests of a connection that is gone are not counted, nobody waits for them.
    private static func violations(_ nats: LocalNATS) throws -> [String] {
        try String(contentsOfFile: "\(nats.directory)/nats-server.log", encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("Violation") && !$0.contains(#"Subject "_INBOX_"#) }.map(String.init)
    }

    /// Runs workers, each a process of its own in spirit, until `body` returns; then drains them.
    ///
    /// - Parameter logger: nil says nothing.
    package func run<T: Sendable>(
        _ workers: [Worker], logger: Logger? = nil, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let logger = logger ?? self.logger
        let group = ServiceGroup(
            services: workers.enumerated().map { index, worker in
                WorkerRuntime(
                    worker, contracts: contracts, configuration: configuration(worker.name, index), logger: logger)
            }, logger: logger)
        return try await withThrowingTaskGroup(of: T?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask {
                do {
                    for worker in Set(workers.map(\.name)) { try await self.untilReady(worker) }
                    let value = try await body()
                    await group.triggerGracefulShutdown()
                    return value
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            var result: T?
            for try await value in tasks { result = value ?? result }
            guard let result else { throw Problem(description: "the workers ended early") }
            return result
        }
    }

    /// Sends a request as a client of the broker does.
    ///
    /// - Parameters:
    ///   - actor: `customer:<uuid>` or `staff:<uuid>`; nil is an internal caller.
    ///   - headers: further ones, such as what the ingress says of a client.
    package func call(
        _ subject: String, _ body: String, actor: String? = nil, key: String? = nil, headers: NATSHeaders = [],
        timeout: Duration = .seconds(10)
    ) async throws -> Answer {
        var headers = headers
        if let actor { headers.append("Flotilla-Actor", actor) }
        if let key { headers.append("Idempotency-Key", key) }
        let reply = try await client.request(subject, headers: headers, body: Array(body.utf8), timeout: timeout)
        let bytes = reply.body
        return Answer(
            status: reply.header("Nats-Service-Error-Code").flatMap { Int($0) } ?? 0,
            reason: reply.header("Nats-Service-Error"),
            retryAfter_s: reply.header("Retry-After").flatMap { Int($0) },
            body: bytes.isEmpty ? .null : try JSONReader.parse(bytes), bytes: bytes)
    }

    /// Runs SQL as the superuser; the rows as psql prints them, unaligned.
    package func sql(_ statement: String) async throws -> [String] {
        try await cluster.sql(statement, database: databaseName)
    }

    /// Waits until `condition` holds; a failure says what was waited for.
    package func until(
        _ what: String, within limit: Duration = .seconds(15), _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw Problem(description: "waited in vain until \(what)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func postgres(_ worker: String) -> String {
        "postgres://\(worker):\(Self.password)@127.0.0.1:\(cluster.port)/\(databaseName)"
    }

    /// What a worker that is a process of its own is told about its surroundings.
    ///
    /// - Parameter number: of the instance, from 1.
    func environment(of worker: String, _ number: Int) throws -> [String: String] {
        [
            "FLOTILLA_NATS_URL": nats.url, "FLOTILLA_NATS_USER": worker, "FLOTILLA_NATS_PASSWORD": Self.password,
            "FLOTILLA_POSTGRES_URL": postgres(worker), "FLOTILLA_INSTANCE": "\(worker).\(number)",
            "FLOTILLA_SUBJECTS": "\(try Home.find())/subjects", "FLOTILLA_HOME": try Home.find(),
        ]
    }

    package func configuration(_ worker: String, _ index: Int = 0) -> WorkerConfiguration {
        var configuration = WorkerConfiguration(
            nats: Self.broker(nats, as: worker), postgres: PostgresConfiguration(url: postgres(worker)),
            instance: "\(worker).\(index + 1)")
        // A reply, a refusal or an event that the contract does not know fails the test that caused it.
        configuration.isInspected = true
        return configuration
    }

    /// Waits until an instance of the worker answers.
    package func untilReady(_ worker: String) async throws {
        try await until("\(worker) answers") {
            do {
                _ = try await client.request("$SRV.PING.\(worker)", body: [], timeout: .seconds(1))
                return true
            } catch { return false }
        }
    }

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }
}
