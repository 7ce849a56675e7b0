import Contracts
import Deployment
import LocalServers
import NATS
import Reactor
import Testing

@Reactor
@Suite("services without a contract", .serialized)
struct ForeignServiceTests {
    private let contracts: ContractSet

    init() throws {
        contracts = try ContractSet.load(directory: Broker.folder)
    }

    @Test("a name stands for the subjects below it, or comes with others")
    func names() throws {
        #expect(try ForeignService("reviews").subjects == "reviews.>")
        let other = try ForeignService("price-list=prices.v2.>")
        #expect(other.name == "price-list" && other.subjects == "prices.v2.>")
        #expect(BrokerPermissions.passwordVariable(of: other.name) == "PRICE_LIST_NATS_PASSWORD")
        let text = try BrokerPermissions(contracts, services: [other]).configuration(passwords: .environment)
        #expect(text.contains("password: $PRICE_LIST_NATS_PASSWORD"))
    }

    @Test(
        "what cannot be a service is refused",
        arguments: [
            ("", #""" is no name of a service: a letter, then letters, digits, _ and -, at most 64"#),
            ("a.b", #""a.b" is no name of a service: a letter, then letters, digits, _ and -, at most 64"#),
            ("1a", #""1a" is no name of a service: a letter, then letters, digits, _ and -, at most 64"#),
            ("é", #""é" is no name of a service: a letter, then letters, digits, _ and -, at most 64"#),
            ("a=", #""" are no subjects of the service a: expected a prefix such as a.>"#),
            ("a=>", #"">" are no subjects of the service a: expected a prefix such as a.>"#),
            ("a=a", #""a" are no subjects of the service a: expected a prefix such as a.>"#),
            ("a=*.>", #""*.>" are no subjects of the service a: expected a prefix such as a.>"#),
            ("a=a..>", #""a..>" are no subjects of the service a: expected a prefix such as a.>"#),
            ("a=$SRV.>", #""$SRV.>" are no subjects of the service a: expected a prefix such as a.>"#),
            ("a=_INBOX.>", #""_INBOX.>" are no subjects of the service a: expected a prefix such as a.>"#),
        ])
    func refusals(_ text: String, _ words: String) {
        let error = #expect(throws: BrokerPermissionsError.self) { try ForeignService(text) }
        #expect(error?.description == words)
    }

    @Test(
        "a service cannot have the name or the subjects of somebody else",
        arguments: [
            (
                ["orders"],
                "the service orders cannot have a user of its own: the worker orders has ORDERS_NATS_PASSWORD already"
            ),
            (
                ["Ingress"],
                "the service Ingress cannot have a user of its own: the ingress has INGRESS_NATS_PASSWORD already"
            ),
            (
                ["operator=x.>"],
                "the service operator cannot have a user of its own: the operator has OPERATOR_NATS_PASSWORD already"
            ),
            (
                ["a-b", "a_b"],
                "the service a_b cannot have a user of its own: the service a-b has A_B_NATS_PASSWORD already"
            ),
            (["a", "a"], "the service a cannot have a user of its own: the service a has A_NATS_PASSWORD already"),
            (["a=users.more.>"], "the service a cannot have users.more.>: these are subjects of the worker users"),
            (["a=order-events.>"], "the service a cannot have order-events.>: these are subjects of the worker orders"),
            (["a", "b=a.b.>"], "the service b cannot have a.b.>: a has a.>"),
            (["a=c.d.>", "c"], "the service c cannot have c.>: a has c.d.>"),
        ])
    func clashes(_ services: [String], _ words: String) throws {
        let services = try services.map { try ForeignService($0) }
        let error = #expect(throws: BrokerPermissionsError.self) {
            try BrokerPermissions(contracts, services: services)
        }
        #expect(error?.description == words)
    }

    @Test("subjects that only begin alike do not clash")
    func neighbours() throws {
        let services = try ["a", "ab", "order-eventsx", "x=a-b.>"].map { try ForeignService($0) }
        #expect(try BrokerPermissions(contracts, services: services).userNames.count == contracts.contracts.count + 6)
    }

    @Test("on a real server it answers the ingress, and may do nothing else")
    func permissions() async throws {
        let broker = try await Broker(
            contracts, services: [ForeignService("reviews"), ForeignService("fax=paper.fax.>")])
        let reviews = try await broker.connect("reviews")
        try reviews.subscribe("reviews.list", queue: "q") { message in
            try? reviews.respond(to: message, body: Array("all".utf8))
        }
        try reviews.subscribe("$SRV.PING.reviews") { message in try? reviews.respond(to: message, body: []) }
        try await reviews.flush(timeout: .seconds(5))

        let ingress = try await broker.connect("ingress")
        let reply = try await ingress.request("reviews.list", body: [], timeout: .seconds(5))
        #expect(reply.body == Array("all".utf8))
        _ = try await ingress.request("$SRV.PING.reviews", body: [], timeout: .seconds(5))
        #expect(try await ingress.mayPublish(to: "paper.fax.send"))
        for subject in ["paper.send", "review.list", "$SRV.STATS.reviews"] {
            #expect(try await !ingress.mayPublish(to: subject), "\(subject)")
        }
        #expect(try await !broker.connect("orders").mayPublish(to: "reviews.list"))

        for subject in ["reviews.list", "reviews.>", "$SRV.PING", "$SRV.INFO.reviews.0A1B", "_INBOX_reviews.>"] {
            #expect(try await reviews.mayListen(to: subject), "\(subject)")
        }
        for subject in [
            ">", "users.login", "paper.fax.send", "$SRV.>", "$SRV.PING.orders", "$SRV.PING.*", "_INBOX.>",
            "_INBOX_ingress.>", "order-events.>", "$JS.>",
        ] {
            #expect(try await !reviews.mayListen(to: subject), "\(subject)")
        }
        for subject in [
            "reviews.list", "users.get", "order-events.0.x.ORDER_CREATED", "$JS.API.STREAM.LIST", "_INBOX_ingress.x",
            "$SRV.PING", "paper.fax.send",
        ] {
            #expect(try await !reviews.mayPublish(to: subject), "\(subject)")
        }
        for connection in [reviews, ingress] { await connection.close() }
        await broker.server.stop()
    }
}
