import Foundation
import Glibc
import JSON
import LocalFleet
import LocalServers
import Testing

@Suite("Payments that are killed", .serialized)
struct KilledPaymentsTests {
    @Test("ten kills between Stripe's answer and the commit: every order is paid, with one charge each")
    func tenKills() async throws {
        try await RunningFleet.run { fleet in
            let visitor = try await Visitor.register(at: fleet)
            let product = try await visitor.product()
            var orders: [String] = []
            for _ in 0..<10 {
                let order = try await visitor.order(product)
                // Stripe charges, and neither its answer nor its webhooks arrive.
                try await visitor.stripe(
                    "POST", "/sim/faults",
                    """
                    {"reset": true, "webhooks": {"drop": 1000},
                     "hold": {"count": 1, "afterEffect": true, "method": "POST", "path": "/v1/payment_intents"}}
                    """)
                // Nobody answers: the customer gives up.
                async let answer = try? visitor.pay(order, within: .seconds(5))
                try await visitor.until("Stripe has charged") {
                    try await charges(of: order, visitor) == [5998]
                }
                let pid = try #require(try pid(fleet))
                #expect(kill(pid, SIGKILL) == 0)
                try await visitor.until("payments run again") {
                    guard try self.pid(fleet).map({ $0 != pid }) ?? false else { return false }
                    return try await visitor.send("GET", "/payments?limit=1").status == 200
                }
                try await visitor.stripe("POST", "/sim/faults", #"{"reset": true}"#)
                #expect(await (answer?.status ?? 504) >= 500)
                // One after the other: what asks Stripe again must not meet the fault that is meant for the next order.
                try await visitor.until("the order is confirmed", within: .seconds(120)) {
                    try await visitor.look("/orders/\(order)")["status"]?.string == "confirmed"
                }
                #expect(try await charges(of: order, visitor) == [5998])
                let payments = try await visitor.look("/payments?orderId=\(order)")["payments"]?.array ?? []
                #expect(payments.compactMap { $0["status"]?.string } == ["succeeded"])
                orders.append(order)
            }
            let ledger = try await visitor.stripe("GET", "/sim/ledger")
            #expect(ledger["ordersChargedTwice"]?.array?.isEmpty == true)
            #expect(ledger["captured"]?["usd"]?.int64 == Int64(59_980))
            print("10 kills between Stripe's answer and the commit: \(orders.count) orders paid, one charge each")
        }
    }

    private func pid(_ fleet: RunningFleet) throws -> Int32? {
        try fleet.current().workers.first { $0.name == "payments" }?.pid
    }

    /// What Stripe has taken for the order, charge by charge.
    private func charges(of order: String, _ visitor: Visitor) async throws -> [Int64] {
        let intents = try await visitor.stripe("GET", "/sim/ledger")["intents"]?.array ?? []
        return intents.filter { $0["orderId"]?.string == order }.compactMap { $0["captured"]?.int64 }
            .filter { $0 > 0 }
    }
}
