import Contracts
import LocalServers
import NATS
import Reactor
import Streams
import Testing

@Reactor
@Suite("streams and consumers of the contracts")
struct StreamPlanTests {
    private let contracts: ContractSet

    init() throws {
        contracts = try ContractSet.load(directory: Broker.folder)
    }

    @Test("are all made, then left alone; what is deleted or changed is put right, and each is told in a line")
    func apply() async throws {
        let broker = try await Broker(contracts)
        let connection = try await broker.connect("operator")
        let staff = JetStream(connection)
        let plan = StreamPlan(contracts)
        let made = try await plan.apply(to: staff).map(\.description)
        #expect(made.contains("stream ORDER_EVENTS: made"))
        #expect(made.contains("consumer payments of ORDER_EVENTS: made"))
        #expect(made.count == plan.parts.count && made.allSatisfy { $0.hasSuffix(": made") })
        #expect(try await plan.apply(to: staff).allSatisfy { !$0.isNews })

        var changed = StreamConfiguration(try #require(contracts.stream(named: "ORDER_EVENTS")))
        changed.subjects.append("users.login")
        try await staff.ensureStream(changed)
        var filtered = ConsumerConfiguration(stream: "ORDER_EVENTS", name: "payments")
        filtered.filterSubject = "order-events.0.>"
        try await staff.ensureConsumer(filtered)
        try await staff.deleteConsumer(stream: "USER_EVENTS", consumer: "notifications")
        #expect(
            try await plan.apply(to: staff).filter(\.isNews).map(\.description) == [
                "stream ORDER_EVENTS: changed (subjects)",
                "consumer notifications of USER_EVENTS: made",
                "consumer payments of ORDER_EVENTS: changed (filter_subject, max_ack_pending)",
            ])
        #expect(try await plan.apply(to: staff).allSatisfy { !$0.isNews })
        await connection.close()
        await broker.server.stop()
    }

    @Test("are refused to a worker, in a line that says who makes them")
    func refused() async throws {
        let broker = try await Broker(contracts)
        let orders = try await broker.connect("orders")
        let error = await #expect(throws: StreamPlanError.self) {
            _ = try await StreamPlan(of: "orders", contracts).apply(to: JetStream(orders))
        }
        #expect(
            error?.description
                == "stream ORDER_EVENTS: this user of the broker may not make or change it; log in as the operator")
        await orders.close()
        await broker.server.stop()
    }

    @Test("of one worker are its own stream, those that it consumes, and its durables")
    func ofOne() {
        #expect(
            StreamPlan(of: "orders", contracts).parts.map(\.description) == [
                "stream ORDER_EVENTS", "stream PAYMENT_EVENTS", "stream INVENTORY_EVENTS",
                "consumer orders of PAYMENT_EVENTS", "consumer orders of INVENTORY_EVENTS",
            ])
        #expect(StreamPlan(of: "users", contracts).parts.map(\.description) == ["stream USER_EVENTS"])
        #expect(StreamPlan(of: "nobody", contracts).parts.isEmpty)
    }
}
