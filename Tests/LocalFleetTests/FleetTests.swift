import FoundationEssentials
import Glibc
import LocalFleet
import LocalServers
import Synchronization
import Testing

/// Real servers; the members are a shell script that notes what it was started with.
@Suite("A fleet", .timeLimit(.minutes(2)))
struct FleetTests {
    private let directory: String
    private var options: FleetOptions

    init() throws {
        directory = try TestServers.directory()
        let script = directory + "/member"
        try Files.write(
            """
            #!/bin/sh
            if [ -n "$BROKEN" ] && [ "$2" = "$BROKEN" ]; then echo "no key for $2"; exit 78; fi
            env > "\(directory)/$FLOTILLA_INSTANCE.env"
            echo "$*" > "\(directory)/$FLOTILLA_INSTANCE.arguments"
            exec sleep 600

            """, to: script, mode: 0o755)
        options = FleetOptions(
            directory: directory + "/fleet", home: try Home.find(), executable: script,
            scale: try Scale("orders=2", workers: ["orders", "payments"]))
        options.environment = ["PATH": "/usr/bin:/bin", "LOG_LEVEL": "debug"]
        options.httpPort = try Ports.free()
        options.natsPort = try Ports.free()
        options.isDurable = false
    }

    private var hooks: FleetHooks {
        var hooks = FleetHooks(
            migrate: { _, _, passwords in passwords.mapValues { _ in ["0001_a.sql"] } },
            streams: { _, subjects in ["stream of \(subjects.hasSuffix("/subjects")): made"] },
            instances: { _, wanted in
                wanted.filter { name, count in
                    (1...count).allSatisfy { Files.text("\(directory)/\(name).\($0).arguments") == "worker \(name)\n" }
                }
            },
            seed: { _ in "7 products" },
            staffToken: { Files.text($0) == nil ? "" : "a.b.c" })
        let ingress = options.httpPort
        hooks.httpStatus = { port, _ in
            Files.text("\(directory)/\(port == ingress ? "ingress" : "stripe").arguments").map { _ in 200 }
        }
        return hooks
    }

    private func console() -> (Console, () -> String) {
        let path = directory + "/console"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        return (Console(descriptor: descriptor, isColoured: false), { Files.text(path) ?? "" })
    }

    private func isAlive(_ pid: Int32?) -> Bool { pid.map { kill($0, 0) == 0 } ?? false }

    @Test("it starts, tells where everything is, ends without leaving a process, and starts again with the same data")
    func wholeLife() async throws {
        let (console, text) = console()
        let fleet = Fleet(options, hooks: hooks, console: console)
        let ready = try await fleet.start(isSeeded: true)
        let file = try FleetFile.load(directory: options.directory)
        #expect(file.workers.map(\.instance) == ["orders.1", "orders.2", "payments.1"])
        #expect(file.http == "http://127.0.0.1:\(try #require(options.httpPort))")
        #expect(file.nats == "nats://127.0.0.1:\(try #require(options.natsPort))")
        #expect(file.staffToken == "a.b.c")
        let pids = file.workers.map(\.pid) + [file.ingressPid, file.stripePid, file.natsPid, file.postgresPid]
        #expect(pids.allSatisfy(isAlive))
        #expect(text().contains("up           | applied 2 migrations to 2 schemas"))
        let block = ReadyBlock(ready).text { $0 }
        #expect(block.contains("orders x2, payments, stripe, ingress"))
        #expect(block.contains("7 products"))
        #expect(!block.contains(String(file.postgres.split(separator: ":")[2].prefix { $0 != "@" })))

        await fleet.stop()
        #expect(!pids.contains(where: isAlive))
        #expect(access("\(options.directory)/fleet.json", F_OK) != 0)

        let second = Fleet(options, hooks: hooks, console: console)
        let again = try await second.start(isSeeded: false)
        #expect(
            again.file.postgres.split(separator: ":")[2].prefix { $0 != "@" }
                == file.postgres.split(separator: ":")[2].prefix { $0 != "@" })
        #expect(again.seeded == nil)
        await second.stop()
    }

    /// The environment of a member.
    private func variables(_ name: String) throws -> [String: String] {
        let lines = try #require(Files.text("\(directory)/\(name).env")).split(separator: "\n")
        return Dictionary(
            lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), String(parts.last ?? ""))
            }, uniquingKeysWith: { $1 })
    }

    @Test("with users of the broker each member is one, and only the operator's password is in fleet.json")
    func brokerUsers() async throws {
        var options = options
        options.environment["FLOTILLA_NATS_USER"] = "somebody"
        options.environment["FLOTILLA_NATS_PASSWORD"] = "of another fleet"
        let names = ["orders", "payments", "ingress", "operator"]
        options.brokerUsers = BrokerUsers(names: names, operatorName: "operator", account: "FLEET") { passwords in
            let users = names.map { "{ user: \"\($0)\", password: \"\(passwords[$0] ?? "")\" }" }
            return "accounts { FLEET { jetstream: enabled, users: [ \(users.joined(separator: ", ")) ] } }\n"
        }
        let (console, text) = console()
        let fleet = Fleet(options, hooks: hooks, console: console)
        let ready = try await fleet.start(isSeeded: true)
        let file = try FleetFile.load(directory: options.directory)
        let secrets = "\(options.directory)/secrets"
        let password = try #require(Files.text("\(secrets)/nats-operator.password")?.dropLast())
        let server = "127.0.0.1:\(try #require(options.natsPort))"
        #expect(file.nats == "nats://operator:\(password)@\(server)")
        #expect(!ReadyBlock(ready).text { $0 }.contains(password))
        #expect(ReadyBlock(ready).text { $0 }.contains("nats://operator:…@\(server)"))
        #expect(!text().contains(password))
        for (name, user) in [("orders.2", "orders"), ("payments.1", "payments"), ("ingress", "ingress")] {
            let variables = try variables(name)
            #expect(variables["FLOTILLA_NATS_URL"] == "nats://\(server)")
            #expect(variables["FLOTILLA_NATS_USER"] == user)
            #expect(variables["FLOTILLA_NATS_PASSWORD_FILE"] == "\(secrets)/nats-\(user).password")
            #expect(variables["FLOTILLA_NATS_PASSWORD"] == nil)
        }
        #expect(try !variables("stripe").keys.contains { $0.contains("NATS") })
        await fleet.stop()
    }

    @Test("streams are made before the members start, and again whenever nats-server was started again, until it works")
    func streams() async throws {
        let calls = Mutex<[Bool]>([])
        var hooks = hooks
        let started = "\(directory)/orders.1.arguments"
        hooks.streams = { _, subjects in
            #expect(subjects.hasSuffix("/subjects"))
            let count = calls.withLock { calls in
                calls.append(Files.text(started) != nil)
                return calls.count
            }
            if count == 2 { throw FleetError("no answer") }
            return ["stream S: made by call \(count)"]
        }
        let (console, text) = console()
        let fleet = Fleet(options, hooks: hooks, console: console)
        let ready = try await fleet.start(isSeeded: false)
        #expect(calls.withLock { $0 } == [false])
        kill(try #require(ready.file.natsPid), SIGKILL)
        try await TestServers.eventually(within: .seconds(20)) { text().contains("stream S: made by call 3") }
        #expect(text().contains("the streams are not made yet: no answer"))
        await fleet.stop()
        #expect(calls.withLock { $0 }.count == 3)
    }

    @Test("each member is told what it needs and none of the others' secrets")
    func environment() async throws {
        let (console, _) = console()
        let fleet = Fleet(options, hooks: hooks, console: console)
        _ = try await fleet.start(isSeeded: false)
        let orders = try variables("orders.2")
        #expect(orders["FLOTILLA_INSTANCE"] == "orders.2")
        #expect(orders["FLOTILLA_POSTGRES_URL"]?.hasPrefix("postgres://orders:") == true)
        #expect(orders["FLOTILLA_POSTGRES_URL"]?.hasSuffix("/flotilla") == true)
        #expect(orders["LOG_LEVEL"] == "debug")
        #expect(!orders.keys.contains { $0.contains("STRIPE") || $0.contains("JWT") })
        let payments = try variables("payments.1")
        #expect(payments["FLOTILLA_STRIPE_KEY_FILE"].flatMap(Files.text)?.hasPrefix("sk_test_") == true)
        let stripe = try variables("stripe")
        #expect(stripe["FLOTILLA_STRIPE_URL"] == payments["FLOTILLA_STRIPE_URL"])
        #expect(
            stripe["FLOTILLA_STRIPE_WEBHOOK_URL"]
                == "http://127.0.0.1:\(try #require(options.httpPort))/api/v1/webhooks/stripe")
        let ingress = try variables("ingress")
        #expect(ingress["FLOTILLA_HTTP_PORT"] == options.httpPort.map(String.init))
        #expect(ingress["FLOTILLA_JWT_KEY_FILE"] != nil)
        #expect(ingress["FLOTILLA_POSTGRES_URL"] == nil)
        await fleet.stop()
    }

    @Test("a member that keeps ending fails the start with its last words")
    func brokenMember() async throws {
        var options = options
        options.environment["BROKEN"] = "payments"
        let (console, _) = console()
        let fleet = Fleet(options, hooks: hooks, console: console)
        let error = await #expect(throws: FleetError.self) { _ = try await fleet.start(isSeeded: true) }
        #expect(error?.description == "payments.1 keeps ending: exit code 78; it last said: no key for payments")
        await fleet.stop()
    }

    @Test("who does not answer in time is named")
    func notReady() async throws {
        var options = options
        options.readyLimit = .milliseconds(200)
        var hooks = hooks
        let httpPort = options.httpPort
        hooks.httpStatus = { port, _ in port == httpPort ? 503 : nil }
        let (console, _) = console()
        let fleet = Fleet(options, hooks: hooks, console: console)
        let error = await #expect(throws: FleetError.self) { _ = try await fleet.start(isSeeded: true) }
        #expect(error?.description.hasPrefix("not ready within 200 ms: no answer from ") == true)
        #expect(error?.description.hasSuffix("stripe, ingress") == true)
        await fleet.stop()
    }

    @Test("a start that is cancelled while it migrates can be stopped at once")
    func cancelled() async throws {
        let servers = Mutex<String?>(nil)
        var hooks = hooks
        hooks.migrate = { url, _, _ in
            servers.withLock { $0 = url }
            try await Task.sleep(for: .seconds(600))
            return [:]
        }
        let (console, _) = console()
        let fleet = Fleet(options, hooks: hooks, console: console)
        let start = Task { try await fleet.start(isSeeded: true) }
        try await TestServers.eventually { servers.withLock { $0 } != nil }
        start.cancel()
        await #expect(throws: CancellationError.self) { _ = try await start.value }
        await fleet.stop()
        #expect(Ports.greeting(try #require(options.natsPort)) == nil)
    }

    @Test("a given port that is taken and a second fleet in the same folder each give one clear line")
    func clearErrors() async throws {
        let (console, _) = console()
        var taken = options
        taken.httpPort = try await TestServers.nats().port
        let fleet = Fleet(taken, hooks: hooks, console: console)
        let error = await #expect(throws: LocalServerError.self) { _ = try await fleet.start(isSeeded: true) }
        #expect(error?.description == "port \(try #require(taken.httpPort)) for HTTP is taken")

        let second = Fleet(options, hooks: hooks, console: console)
        let refused = await #expect(throws: LocalServerError.self) { _ = try await second.start(isSeeded: true) }
        #expect(refused?.description.hasPrefix("a fleet runs there already: ") == true)
        await fleet.stop()
        await second.stop()
    }
}
