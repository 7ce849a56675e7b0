import Contracts
import Deployment
import LocalServers
import Logging
import NATS
import Reactor
import Streams
import Testing

@Reactor
@Suite("users of the broker, on a real nats-server", .serialized)
struct BrokerPermissionsTests {
    private let contracts: ContractSet

    init() throws {
        contracts = try ContractSet.load(directory: Broker.folder)
    }

    @Test("each worker listens to its own endpoints, in the queue group only, and to nobody else's")
    func subscriptions() async throws {
        let broker = try await Broker(contracts)
        for contract in contracts.contracts {
            let worker = try await broker.connect(contract.name)
            for endpoint in contracts.contracts.flatMap(\.endpoints) {
                let isOwn = endpoint.worker == contract.name
                #expect(try await worker.mayListen(to: endpoint.subject, queue: "q") == isOwn, "\(endpoint.subject)")
                #expect(try await !worker.mayListen(to: endpoint.subject), "\(endpoint.subject) without a queue")
            }
            for verb in ["$SRV.PING", "$SRV.INFO", "$SRV.STATS"] {
                for subject in [verb, "\(verb).\(contract.name)", "\(verb).\(contract.name).0A1B"] {
                    #expect(try await worker.mayListen(to: subject), "\(subject)")
                }
                for subject in ["\(verb).*", "\(verb).>", "\(verb).other", "\(verb).*.*", "\(verb).*.>"] {
                    #expect(try await !worker.mayListen(to: subject), "\(contract.name) \(subject)")
                }
            }
            for subject in [
                ">", "_INBOX.>", "_INBOX_operator.>", "$JS.>", "$SYS.>", "*.events.>", "*", "*.>", "$SRV.>", "$SRV.*",
                "$SRV.*.>", "$SRV.*.\(contract.name)",
            ] {
                #expect(try await !worker.mayListen(to: subject), "\(contract.name) \(subject)")
            }
            for other in contracts.contracts where other.name != contract.name {
                for subject in ["$SRV.PING.\(other.name)", "$SRV.INFO.\(other.name).>", "$SRV.STATS.\(other.name).*"] {
                    #expect(try await !worker.mayListen(to: subject), "\(contract.name) \(subject)")
                }
                #expect(try await !worker.mayListen(to: "_INBOX_\(other.name).>"), "\(contract.name) \(other.name)")
            }
            for stream in contracts.contracts.compactMap(\.stream) {
                #expect(try await !worker.mayListen(to: stream.wildcard), "\(contract.name) \(stream.wildcard)")
            }
            await worker.close()
        }
        await broker.server.stop()
    }

    @Test("a worker answers the ingress and declared callers, and calls nobody else")
    func requests() async throws {
        let broker = try await Broker(contracts, isByEnvironment: false)
        let users = try await broker.connect("users")
        for subject in ["users.get", "users.keys", "users.login"] {
            try users.subscribe(subject, queue: "q") { message in
                try? users.respond(to: message, body: Array(message.subject.utf8))
            }
        }
        try users.subscribe("$SRV.PING.users") { message in try? users.respond(to: message, body: []) }
        try await users.flush(timeout: .seconds(5))

        let ingress = try await broker.connect("ingress")
        for subject in ["users.get", "users.keys", "users.login"] {
            let reply = try await ingress.request(subject, body: [], timeout: .seconds(5))
            #expect(reply.body == Array(subject.utf8))
        }
        _ = try await ingress.request("$SRV.PING.users", body: [], timeout: .seconds(5))
        #expect(try await ingress.mayPublish(to: "$SRV.INFO.users.0A1B"))
        for endpoint in contracts.contracts.flatMap(\.endpoints) {
            let may = endpoint.http != nil || endpoint.subject == "users.keys"
            #expect(try await ingress.mayPublish(to: endpoint.subject) == may, "\(endpoint.subject)")
            #expect(try await !ingress.mayListen(to: endpoint.subject, queue: "q"))
        }
        for subject in ["$JS.API.STREAM.LIST", "order-events.0.x.ORDER_CREATED", "_INBOX_orders.x", "$SRV.STATS"] {
            #expect(try await !ingress.mayPublish(to: subject), "\(subject)")
        }

        let notifications = try await broker.connect("notifications")
        let reply = try await notifications.request("users.get", body: [], timeout: .seconds(5))
        #expect(reply.body == Array("users.get".utf8))
        let refusal = await NATSError.of {
            _ = try await notifications.request("users.login", body: [], timeout: .seconds(5))
        }
        #expect(refusal == .notPermitted)
        // Not answers to anything.
        for subject in ["_INBOX_ingress.x.y", "_INBOX.x", "users.keys", "orders.get", "$SRV.PING"] {
            #expect(try await !notifications.mayPublish(to: subject), "\(subject)")
        }
        // One who names a reply subject that is not its own gets nothing back.
        let careless = try await broker.connect("notifications", inbox: "_INBOX")
        let lost = await NATSError.of {
            _ = try await careless.request("users.get", body: [], timeout: .milliseconds(500))
        }
        #expect(lost != nil)
        for connection in [users, ingress, notifications, careless] { await connection.close() }
        await broker.server.stop()
    }

    @Test("a worker looks at its streams, publishes to its own, and its consumers pull and ack")
    func events() async throws {
        let broker = try await Broker(contracts)
        let watcher = JetStream(try await broker.connect("operator"))
        _ = try await StreamPlan(contracts).apply(to: watcher)
        let orders = try await broker.connect("orders")
        let payments = try await broker.connect("payments")
        let stream = try #require(contracts.stream(named: "ORDER_EVENTS"))
        for (worker, connection) in [("orders", orders), ("payments", payments)] {
            for part in StreamPlan(of: worker, contracts).parts {
                #expect(try await part.ensure(in: JetStream(connection), within: .zero) == .asWanted, "\(part)")
            }
        }
        let ack = try await JetStream(orders).publish(
            "order-events.0.0190f3a1-5c77-7e02-9a4b-2f6d8c1e7b90.ORDER_CREATED", body: Array("one".utf8))
        #expect(ack.stream == "ORDER_EVENTS" && ack.sequence == 1)

        let consuming = JetStream(payments)
        var bodies: [[UInt8]] = []
        let pull = try consuming.consume(stream: stream.name, consumer: "payments") { message in
            bodies.append(message.message.body)
            message.ack()
        }
        try await TestServers.eventually { !bodies.isEmpty }
        #expect(bodies == [Array("one".utf8)])
        try await TestServers.eventually {
            let state = try await watcher.consumerInformation(stream: "ORDER_EVENTS", consumer: "payments")
            return state?.ackFloorStreamSequence == 1 && state?.ackPending == 0
        }
        #expect(payments.statistics.serverErrors == 0 && orders.statistics.serverErrors == 0)
        pull.unsubscribe()

        for connection in [orders, payments] { await connection.close() }
        #expect(try await watcher.streamInformation("ORDER_EVENTS")?.messages == 1)
        #expect(try await watcher.deleteStream("ORDER_EVENTS"))
        await broker.server.stop()
    }

    @Test("a worker cannot publish, read, change or delete what belongs to another")
    func refusals() async throws {
        let broker = try await Broker(contracts)
        let staff = JetStream(try await broker.connect("operator"))
        _ = try await StreamPlan(contracts).apply(to: staff)
        // Users consumes nothing; orders consumes payments' events and no others.
        let users = try await broker.connect("users")
        let orders = try await broker.connect("orders")
        let payments = try await broker.connect("payments")
        for (worker, subject) in [
            (users, "order-events.0.x.ORDER_CREATED"), (orders, "payment-events.0.x.PAYMENT_CONFIRMED"),
            (payments, "order-events.0.x.ORDER_CREATED"), (users, "$JS.API.STREAM.INFO.ORDER_EVENTS"),
            (users, "$JS.API.STREAM.CREATE.ORDER_EVENTS"), (users, "$JS.API.STREAM.LIST"),
            (users, "$JS.API.STREAM.DELETE.USER_EVENTS"), (users, "$JS.API.STREAM.PURGE.USER_EVENTS"),
            (users, "$JS.API.STREAM.MSG.DELETE.USER_EVENTS"), (users, "$JS.API.STREAM.MSG.GET.ORDER_EVENTS"),
            (users, "$JS.API.DIRECT.GET.ORDER_EVENTS"), (users, "$JS.API.CONSUMER.MSG.NEXT.ORDER_EVENTS.payments"),
            (users, "$JS.API.CONSUMER.CREATE.ORDER_EVENTS"),
            (users, "$JS.API.CONSUMER.DURABLE.CREATE.ORDER_EVENTS.users"),
            (users, "$JS.ACK.ORDER_EVENTS.payments.1.1.1.1.0"),
            (orders, "$JS.API.STREAM.UPDATE.PAYMENT_EVENTS"), (orders, "$JS.API.STREAM.DELETE.PAYMENT_EVENTS"),
            (orders, "$JS.API.CONSUMER.MSG.NEXT.PAYMENT_EVENTS.notifications"),
            (orders, "$JS.API.CONSUMER.DURABLE.CREATE.PAYMENT_EVENTS.notifications"),
            (orders, "$JS.API.CONSUMER.DELETE.PAYMENT_EVENTS.orders"),
            (orders, "$JS.API.CONSUMER.DURABLE.CREATE.USER_EVENTS.orders"),
            (orders, "$JS.ACK.PAYMENT_EVENTS.notifications.1.1.1.1.0"),
        ] {
            #expect(try await !worker.mayPublish(to: subject), "\(worker.configuration.name) \(subject)")
        }
        #expect(await NATSError.of { _ = try await JetStream(orders).deleteStream("ORDER_EVENTS") } == .notPermitted)
        let theft = await NATSError.of {
            _ = try await JetStream(users).publish("order-events.0.x.ORDER_CREATED", body: [])
        }
        #expect(theft == .notPermitted)
        for stream in contracts.contracts.compactMap(\.stream) {
            #expect(try await staff.streamInformation(stream.name)?.messages == 0, "\(stream.name)")
        }
        for connection in [users, orders, payments] { await connection.close() }
        await broker.server.stop()
    }

    @Test("a worker makes, changes, reads and deletes no stream and no consumer, its own included")
    func streamsAreTheOperators() async throws {
        let broker = try await Broker(contracts)
        let staff = JetStream(try await broker.connect("operator"))
        let plan = StreamPlan(contracts)
        _ = try await plan.apply(to: staff)
        for contract in contracts.contracts {
            let worker = try await broker.connect(contract.name)
            for stream in contracts.contracts.compactMap(\.stream).map(\.name) + ["LOGINS"] {
                for operation in [
                    "STREAM.CREATE", "STREAM.UPDATE", "STREAM.DELETE", "STREAM.PURGE", "STREAM.MSG.GET",
                    "STREAM.MSG.DELETE", "STREAM.SNAPSHOT", "STREAM.RESTORE", "STREAM.LEADER.STEPDOWN", "DIRECT.GET",
                    "CONSUMER.CREATE", "CONSUMER.LIST", "CONSUMER.NAMES",
                ] {
                    let subject = "$JS.API.\(operation).\(stream)"
                    #expect(try await !worker.mayPublish(to: subject), "\(contract.name) \(subject)")
                }
                for operation in ["CREATE", "DURABLE.CREATE", "DELETE", "LEADER.STEPDOWN"] {
                    let subject = "$JS.API.CONSUMER.\(operation).\(stream).\(contract.name)"
                    #expect(try await !worker.mayPublish(to: subject), "\(contract.name) \(subject)")
                }
                for other in contracts.contracts.map(\.name) where other != contract.name {
                    for subject in ["INFO", "MSG.NEXT"].map({ "$JS.API.CONSUMER.\($0).\(stream).\(other)" }) {
                        #expect(try await !worker.mayPublish(to: subject), "\(contract.name) \(subject)")
                    }
                }
            }
            for subject in ["STREAM.LIST", "STREAM.NAMES", "INFO", "META.LEADER.STEPDOWN"].map({ "$JS.API.\($0)" }) {
                #expect(try await !worker.mayPublish(to: subject), "\(contract.name) \(subject)")
            }
            await worker.close()
        }

        // What it was all about: the requests of another worker, with what is in them.
        let orders = try await broker.connect("orders")
        var greedy = StreamConfiguration(name: "ORDER_EVENTS", subjects: ["order-events.>", "users.login"])
        #expect(await NATSError.of { _ = try await JetStream(orders).ensureStream(greedy) } == .notPermitted)
        greedy.name = "LOGINS"
        // Nobody who is not asked by the contracts may look at it either.
        #expect(await NATSError.of { _ = try await JetStream(orders).ensureStream(greedy) } == .notPermitted)
        for part in plan.parts { #expect(try await part.presence(in: staff) == .asWanted, "\(part)") }
        await orders.close()
        await broker.server.stop()
    }

    @Test("nobody comes in without a password, or with a wrong one")
    func passwords() async throws {
        let broker = try await Broker(contracts)
        for (user, password) in [("orders", "wrong"), ("orders", ""), ("nobody", "12345")] {
            let refusal = await NATSError.of { _ = try await broker.connect(user, password: password) }
            #expect(refusal == .authentication, "\(user)")
        }
        let anonymous = await NATSError.of {
            var configuration = NATSConfiguration(url: broker.server.url)
            configuration.connectTimeout = .seconds(3)
            _ = try await NATSConnection.connect(configuration, logger: .init(label: "test"))
        }
        #expect(anonymous == .authentication)
        await broker.server.stop()
    }

    @Test("the operator may do everything")
    func operators() async throws {
        let broker = try await Broker(contracts)
        let staff = try await broker.connect("operator")
        var heard: [String] = []
        try staff.subscribe(">") { heard.append($0.subject) }
        let subjects = ["orders.create", "order-events.0.x.ORDER_CREATED", "$SRV.STATS", "_INBOX_orders.x"]
        for subject in subjects { try staff.publish(subject, body: []) }
        try await TestServers.eventually { subjects.allSatisfy(heard.contains) }
        #expect(staff.statistics.serverErrors == 0)
        await staff.close()
        await broker.server.stop()
    }
}
