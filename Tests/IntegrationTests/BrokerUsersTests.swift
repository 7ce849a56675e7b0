import AsyncHTTPClient
import FleetTesting
import Foundation
import Glibc
import JSON
import LocalFleet
import LocalServers
import NATS
import NIOCore
import Reactor
import Testing

/// The users that `up --secure-broker` makes, on the fleet that runs by them.
@Suite("Users of the broker", .serialized)
struct BrokerUsersTests {
    @Reactor
    @Test("each process is its own user, and none may do what is another's")
    func refusals() async throws {
        try await RunningFleet.run(violations: Self.isOurs) {
            fleet in
            let staff = try await fleet.connect()
            #expect(staff.configuration.user == "operator")
            let users = try await Self.usersOfConnections(fleet)
            for user in ["users", "orders", "inventory", "payments", "notifications", "ingress"] {
                #expect(users.contains(user), "\(users)")
            }
            #expect(try RunningFleet.violations(in: fleet.directory).isEmpty)

            let orders = try await fleet.connect(as: "orders")
            for subject in [
                "payment-events.0.x.PAYMENT_CONFIRMED", "user-events.0.x.USER_REGISTERED", "users.login",
                "_INBOX_users.x", "_INBOX_ingress.x", "$SRV.PING", "$JS.API.STREAM.DELETE.ORDER_EVENTS",
                "$JS.API.STREAM.CREATE.ORDER_EVENTS", "$JS.API.STREAM.UPDATE.ORDER_EVENTS",
                "$JS.API.CONSUMER.DURABLE.CREATE.PAYMENT_EVENTS.orders",
                "$JS.API.CONSUMER.MSG.NEXT.PAYMENT_EVENTS.notifications",
            ] {
                #expect(try await Self.isRefused(orders) { try orders.publish(subject, body: []) }, "\(subject)")
            }
            for subject in [
                "users.login", "_INBOX_users.>", "_INBOX.>", "_INBOX_operator.>", "$SRV.PING.users", "$SRV.>",
                "payment-events.>", ">",
            ] {
                #expect(
                    try await Self.isRefused(orders) { _ = try orders.subscribe(subject) { _ in } }, "\(subject)")
            }
            #expect(
                try await Self.isRefused(orders) { _ = try orders.subscribe("users.login", queue: "q") { _ in } })
            for connection in [staff, orders] { await connection.close() }
        }
    }

    /// Made by `refusals` on its connection `orders`, the only one of these tests that breaks rules.
    private static func isOurs(_ line: String) -> Bool {
        line.contains("Violation") && line.contains(#"User "orders""#)
    }

    @Test("passwords are made once, are for their owner's eyes, and a restart keeps users, data and streams")
    func restart() async throws {
        let directory = try TestServers.directory() + "/fleet"
        func mode(_ path: String) -> mode_t {
            var info = stat()
            return stat("\(directory)/\(path)", &info) == 0 ? info.st_mode & 0o777 : 0
        }
        // Open first: what the broker keeps then belongs to everybody, and later to the account of the users.
        var published: Int64 = 0
        for isSecure in [false, true, true, false] {
            try await RunningFleet.run(isSecure: isSecure, in: directory) { fleet in
                let (status, said) = try await fleet.command(["demo", "--orders", "6", "--customers", "2"])
                #expect(status == .exited(0), "\(said)")
                let nats = try await fleet.connect()
                let stream = try #require(try await JetStream(nats).streamInformation("ORDER_EVENTS"))
                #expect(Int64(stream.messages) >= published + 14, "\(stream.messages) after \(published)")
                published = Int64(stream.messages)
                await nats.close()
                #expect(fleet.file.nats.contains("operator:") == isSecure)
            }
            guard isSecure else { continue }
            for user in ["users", "ingress", "operator"] { #expect(mode("secrets/nats-\(user).password") == 0o600) }
            #expect(mode("nats/nats-server.conf") == 0o600)
        }
    }

    @Test("streams that the broker has lost are made again by up, and nothing is left to do for streams apply")
    func lostStreams() async throws {
        // Workers that look before `up` has made them.
        try await RunningFleet.run(violations: { $0.contains("$JS.API.STREAM.CREATE.") }) { fleet in
            let pid = try #require(fleet.file.natsPid)
            kill(pid, SIGSTOP)
            try FileManager.default.removeItem(atPath: "\(fleet.directory)/nats/jetstream")
            kill(pid, SIGKILL)
            try await TestServers.eventually {
                let parts = fleet.said.components(separatedBy: "starting again")
                return parts.count > 1 && parts[parts.count - 1].contains("stream ORDER_EVENTS: made")
            }
            let (status, said) = try await fleet.command(["demo", "--orders", "6", "--customers", "2"])
            #expect(status == .exited(0), "\(said)")
            let (applied, lines) = try await fleet.command(["streams", "apply"])
            #expect(applied == .exited(0), "\(lines)")
            #expect(lines.contains("consumer payments of ORDER_EVENTS: up to date"))
            #expect(lines.split(separator: "\n").allSatisfy { $0.hasSuffix(": up to date") }, "\(lines)")
        }
    }

    @Test("streams apply is for the operator, and says so to others in one line")
    func streamsApply() async throws {
        try await RunningFleet.run(violations: { $0.contains("$JS.API.STREAM.INFO.") }) { fleet in
            let (status, said) = try await fleet.command(
                ["streams", "apply"],
                environment: [
                    "FLOTILLA_NATS_USER": "orders",
                    "FLOTILLA_NATS_PASSWORD_FILE": "\(fleet.directory)/secrets/nats-orders.password",
                ])
            #expect(status == .exited(78))
            #expect(
                said
                    == "flotilla: stream USER_EVENTS: this user of the broker may not make or change it; log in as the operator"
            )
        }
    }

    @Test("a command says in one line, without the password, that it is wrong, missing or given twice")
    func commands() async throws {
        try await RunningFleet.run(violations: { $0.contains("authentication error") }) { fleet in
            let server = fleet.file.natsWithoutUser
            let port = try #require(server.split(separator: ":").last)
            func call(_ environment: [String: String]) async throws -> (LocalServers.ExitStatus?, String) {
                try await fleet.command(
                    ["call", "inventory.products.list", #"{"limit": 1}"#], environment: environment)
            }
            let refused = "flotilla: cannot connect to NATS at \(server)"
            for (environment, words) in [
                (
                    ["FLOTILLA_NATS_URL": "nats://operator:wrong-secret@127.0.0.1:\(port)"],
                    "\(refused) as operator: Authorization Violation"
                ),
                (
                    ["FLOTILLA_NATS_USER": "orders", "FLOTILLA_NATS_PASSWORD": "wrong-secret"],
                    "\(refused) as orders: Authorization Violation"
                ),
                (["FLOTILLA_NATS_URL": server], "\(refused): Authorization Violation"),
                (
                    ["FLOTILLA_NATS_URL": "nats://operator:wrong-%secret@127.0.0.1:\(port)"],
                    "flotilla: FLOTILLA_NATS_URL: the password in a NATS URL has a malformed escape; write % as %25"
                ),
                (
                    ["FLOTILLA_NATS_URL": "nats://operator:wrong-secret@h", "FLOTILLA_NATS_USER": "orders"],
                    "flotilla: FLOTILLA_NATS_USER is set, and FLOTILLA_NATS_URL has a user too: give one of them"
                ),
                (
                    ["FLOTILLA_NATS_USER": "orders"],
                    "flotilla: FLOTILLA_NATS_PASSWORD_FILE is not set; expected for example /run/secrets/name"
                ),
                (
                    ["FLOTILLA_NATS_INBOX_PREFIX": "_INBOX_a b"],
                    #"flotilla: the inbox prefix "_INBOX_a b" is no subject"#
                ),
                (
                    ["FLOTILLA_NATS_INBOX_PREFIX": "answers"],
                    #"flotilla: FLOTILLA_NATS_INBOX_PREFIX is "answers"; expected _INBOX or one that begins with _INBOX_: workers answer to no other"#
                ),
                (
                    ["FLOTILLA_NATS_URL": server, "FLOTILLA_NATS_PASSWORD": "wrong-secret"],
                    "flotilla: FLOTILLA_NATS_PASSWORD is set without FLOTILLA_NATS_USER"
                ),
                (
                    ["FLOTILLA_NATS_URL": "nats://operator:wrong-secret@:x"],
                    "flotilla: FLOTILLA_NATS_URL is not a URL such as nats://127.0.0.1:4222"
                ),
            ] {
                let (status, said) = try await call(environment)
                #expect(status == .exited(78), "\(words)")
                #expect(said == words)
            }
            // As somebody else than the operator, by a file.
            let (listed, said) = try await call([
                "FLOTILLA_NATS_USER": "ingress",
                "FLOTILLA_NATS_PASSWORD_FILE": "\(fleet.directory)/secrets/nats-ingress.password",
            ])
            #expect(listed == .exited(0), "\(said)")
        }
    }

    @Test(
        "permissions of services without a contract, and what is wrong with them",
        arguments: [
            (["--service", "reviews", "--service", "fax=paper.>"], Int32(0), #""paper.>""#),
            (["--service", "re views"], 64, #"flotilla: --service: "re views" is no name of a service: "#),
            (["--service", "orders"], 64, "flotilla: --service: the service orders cannot have a user of its own: "),
            (["--service", "a=orders.>"], 64, "flotilla: --service: the service a cannot have orders.>: "),
        ])
    func permissions(_ arguments: [String], _ code: Int32, _ words: String) async throws {
        let output = RunningFleet.Output()
        var environment = ProcessInfo.processInfo.environment
        environment["FLOTILLA_HOME"] = try Home.find()
        let child = try await ChildProcess.spawn(
            .init(
                WorkerProcess.executable, ["subjects", "permissions"] + arguments, environment: environment,
                output: .lines { output.append($0) }))
        #expect(await child.exit(within: .seconds(30)) == .exited(code))
        #expect(output.tail.contains(words))
    }

    /// Whether the broker reports an error for what `body` does.
    @Reactor
    private static func isRefused(_ nats: NATSConnection, _ body: () throws -> Void) async throws -> Bool {
        let before = nats.statistics.serverErrors
        try body()
        try await nats.flush(timeout: .seconds(5))
        do {
            try await TestServers.eventually(within: .seconds(5)) { nats.statistics.serverErrors > before }
            return true
        } catch { return false }
    }

    /// Who is connected, by the broker's monitoring.
    private static func usersOfConnections(_ fleet: RunningFleet) async throws -> Set<String> {
        let request = HTTPClientRequest(url: "\(fleet.file.natsMonitor)/connz?auth=1")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let bytes = Array(buffer: try await response.body.collect(upTo: 1 << 20))
        let list = try JSONReader.parse(bytes)["connections"]?.array ?? []
        return Set(list.compactMap { $0["authorized_user"]?.string })
    }
}
