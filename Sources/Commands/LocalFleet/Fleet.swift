import FoundationEssentials
import Glibc
import LocalServers
import Synchronization

/// The whole fleet on one machine: private servers, five workers, the Stripe simulator and the ingress.
package actor Fleet {
    package static let database = "flotilla"

    /// What a start found and did.
    package struct Ready: Sendable {
        package let file: FleetFile
        package let members: [MemberStatus]
        package let duration: Duration
        /// A line about the catalogue; nil when it was not filled.
        package let seeded: String?
    }

    let options: FleetOptions
    let hooks: FleetHooks
    let console: Console
    private let published = PublishedFile()
    private let supervisor: Supervisor
    private var directory: FleetDirectory?

    package init(_ options: FleetOptions, hooks: FleetHooks, console: Console) {
        self.options = options
        self.hooks = hooks
        self.console = console
        supervisor = Supervisor(console: console) { [published] in published.update($0) }
    }

    /// Starts everything and returns when everything answers. After an error, or when cancelled, call `stop`.
    ///
    /// - Parameter isSeeded: Whether the catalogue is filled.
    package func start(isSeeded: Bool) async throws -> Ready {
        let begun = ContinuousClock.now
        let startedAt = Date()
        let directory = try FleetDirectory(options.directory)
        self.directory = directory
        if options.isFresh {
            say("deleting the data of an earlier fleet")
            try directory.clear()
        }
        for folder in [directory.mail, directory.stripe] { try Files.makeDirectory(folder, mode: 0o750) }
        let secrets = try FleetSecrets(
            directory: directory.secrets, workers: options.scale.workers,
            brokerUsers: options.brokerUsers?.names ?? [])
        let token = try hooks.staffToken(secrets.jwtKeyFile)
        let (nats, postgres) = try await startServers(in: directory, secrets)
        let url = try await migrate(postgres, secrets)
        for line in try await hooks.streams(operatorURL(nats, secrets), subjects) { say(line) }
        let places = FleetPlaces(
            natsURL: nats.url, natsOperatorURL: operatorURL(nats, secrets), postgresPort: postgres.port,
            httpPort: try options.httpPort ?? Ports.pick(nil, preferred: 8080, for: "HTTP"),
            stripePort: try Ports.free())
        let names = options.scale.names.map(\.name)
        say("starting \(names.joined(separator: ", ")), stripe, ingress")
        await supervisor.add(
            FleetMembers(options: options, places: places, secrets: secrets, directory: directory).all)
        try await waitUntilReady(places)
        let seeded = isSeeded ? try await hooks.seed(places.natsOperatorURL) : nil
        let members = await supervisor.members
        var file = FleetFile(
            http: places.http, nats: places.natsOperatorURL, natsMonitor: nats.monitorURL, postgres: url,
            stripe: places.stripe,
            mail: directory.mail, home: options.home, upPid: getpid(), staffToken: token,
            startedAt: startedAt)
        file.update(members)
        try published.publish(file, at: directory.fleetFile)
        // A member may have been restarted while the file was made.
        published.update(await supervisor.members)
        return Ready(file: file, members: members, duration: ContinuousClock.now - begun, seeded: seeded)
    }

    /// Drains and stops everything; the data stays.
    package func stop() async {
        published.retract()
        await supervisor.stop()
        if !options.isKept {
            do { try directory?.clear() } catch { say("\(error)") }
        }
        directory?.release()
        directory = nil
    }

    // MARK: - Steps

    private func operatorURL(_ nats: LocalNATS, _ secrets: FleetSecrets) -> String {
        guard let user = options.brokerUsers?.operatorName, let password = secrets.natsPasswords[user] else {
            return nats.url
        }
        return "nats://\(user):\(password)@127.0.0.1:\(nats.port)"
    }

    private func startServers(
        in directory: FleetDirectory, _ secrets: FleetSecrets
    ) async throws -> (LocalNATS, LocalPostgres) {
        if let port = options.httpPort { _ = try Ports.pick(port, for: "HTTP") }
        say("starting nats-server and Postgres")
        var natsOptions = LocalNATS.Options(directory: directory.nats, port: options.natsPort)
        natsOptions.preferredPort = 4222
        natsOptions.preferredMonitorPort = 8222
        natsOptions.extraConfiguration = options.brokerUsers.map { $0.configuration(secrets.natsPasswords) }
        natsOptions.account = options.brokerUsers?.account
        var postgresOptions = LocalPostgres.Options(directory: directory.postgres, port: options.postgresPort)
        postgresOptions.isDurable = options.isDurable
        postgresOptions.settings = PostgresMemory.settings
        postgresOptions.progress = { [console] in console.write("up", $0) }
        async let startingNATS = Self.outcome { [natsOptions] () async throws(LocalServerError) in
            try await LocalNATS.start(natsOptions)
        }
        async let startingPostgres = Self.outcome { [postgresOptions] () async throws(LocalServerError) in
            try await LocalPostgres.start(postgresOptions)
        }
        let (nats, postgres) = (await startingNATS, await startingPostgres)
        // Whatever came up is the supervisor's at once, so that a stop ends it.
        if case .success(let server) = nats {
            let url = operatorURL(server, secrets)
            await supervisor.add([.nats(server) { [self] in await applyStreams(url) }])
        }
        if case .success(let server) = postgres { await supervisor.add([.postgres(server)]) }
        return (try nats.get(), try postgres.get())
    }

    private static func outcome<T: Sendable>(
        _ body: @Sendable () async throws(LocalServerError) -> T
    ) async -> Result<T, LocalServerError> {
        do throws(LocalServerError) { return .success(try await body()) } catch { return .failure(error) }
    }

    private func migrate(_ postgres: LocalPostgres, _ secrets: FleetSecrets) async throws -> String {
        let url = try await postgres.createDatabase(Self.database)
        let begun = ContinuousClock.now
        let applied = try await hooks.migrate(url, "\(options.home)/migrations", secrets.postgresPasswords)
        let count = applied.values.reduce(0) { $0 + $1.count }
        let what = count == 0 ? "all schemas are up to date" : "applied \(count) migrations to \(applied.count) schemas"
        say("\(what) (\((ContinuousClock.now - begun).rounded))")
        return url
    }

    private nonisolated var subjects: String { "\(options.home)/subjects" }

    /// For a broker that was started again: tries until it has worked, or the task is cancelled.
    private nonisolated func applyStreams(_ url: String) async {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                for line in try await hooks.streams(url, subjects) { console.write("up", line) }
                return
            } catch {
                guard !Task.isCancelled else { return }
                console.write("up", "the streams are not made yet: \(error)", isNotice: true)
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(5))
        }
    }

    private func waitUntilReady(_ places: FleetPlaces) async throws {
        let begun = ContinuousClock.now
        var lastWord = begun
        while true {
            try Task.checkCancellation()
            let missing = await missing(places)
            if missing.isEmpty { return }
            let members = await supervisor.members
            if let lost = members.first(where: { $0.failures >= 5 }) {
                throw FleetError(
                    "\(lost.name) keeps ending: \(lost.lastEnd ?? "no reason"); it last said: \(lost.lastLine ?? "nothing")"
                )
            }
            let now = ContinuousClock.now
            if now - begun > options.readyLimit {
                throw FleetError(
                    "not ready within \(options.readyLimit.rounded): no answer from \(missing.joined(separator: ", "))")
            }
            if now - lastWord > .seconds(5) {
                lastWord = now
                say("waiting for \(missing.joined(separator: ", "))")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Who does not answer yet.
    private func missing(_ places: FleetPlaces) async -> [String] {
        // It is healthy without the keys that tokens are checked with, but lets nobody in.
        async let ingress = hooks.httpStatus(places.httpPort, "/.well-known/jwks.json")
        async let simulator = hooks.httpStatus(places.stripePort, "/health")
        let answering = (try? await hooks.instances(places.natsOperatorURL, options.scale.instances)) ?? [:]
        var missing = options.scale.workers.filter { answering[$0, default: 0] < options.scale.instances[$0] ?? 1 }
        if await simulator == nil { missing.append("stripe") }
        if await ingress != 200 { missing.append("ingress") }
        return missing
    }

    private func say(_ line: String) { console.write("up", line) }
}
