import FleetTesting
import Foundation
import JSON
import LocalFleet
import LocalServers
import Testing

/// `flotilla orders …`, run as people run it.
@Suite("Tools for orders", .serialized)
struct OrdersCommandTests {
    @Test(
        "the timeline of a delivered order shows every hop; a rebuild finds a row that is not as its events say, and mends it"
    )
    func tools() async throws {
        try await RunningFleet.run { fleet in
            let visitor = try await Visitor.register(at: fleet)
            let order = try await delivered(visitor)
            try await timeline(of: order, fleet)
            try await rebuild(order, fleet)
        }
    }

    private func delivered(_ visitor: Visitor) async throws -> String {
        let order = try await visitor.order(try await visitor.product())
        #expect(try await visitor.pay(order).body["status"]?.string == "succeeded")
        try await visitor.until("the payment confirms the order") {
            try await visitor.look("/orders/\(order)")["status"]?.string == "confirmed"
        }
        for status in ["shipped", "delivered"] {
            let moved = try await visitor.send(
                "PATCH", "/orders/\(order)/status", #"{"status": "\#(status)"}"#, token: visitor.fleet.file.staffToken)
            #expect(moved.status == 200, "\(moved.body)")
        }
        try await visitor.until("the saga is through and all mails are sent") {
            let list = try await visitor.look("/notifications?orderId=\(order)&limit=100")["notifications"]?.array ?? []
            let saga = try await visitor.look("/orders/\(order)/saga")
            return saga["state"]?.string == "completed" && list.filter { $0["status"]?.string == "sent" }.count == 4
        }
        return order
    }

    private func timeline(of order: String, _ fleet: RunningFleet) async throws {
        let (status, said) = try await fleet.command(["orders", "timeline", order])
        #expect(status == .exited(0), "\(said)")
        print(said)
        let lines = said.split(separator: "\n")
        #expect(lines.first?.hasPrefix("TIME") == true)
        let hops = [
            ("orders", "orders.create"), ("orders", "ORDER_CREATED"), ("inventory", "STOCK_RESERVED"),
            ("payments", "payments.create"), ("payments", "PAYMENT_CONFIRMED"), ("orders", "PAYMENT_CONFIRMED"),
            ("orders", "ORDER_STATUS_UPDATED"), ("inventory", "ORDER_STATUS_UPDATED"), ("inventory", "STOCK_COMMITTED"),
            ("orders", "STOCK_COMMITTED"), ("payments", "ORDER_CREATED"), ("notifications", "ORDER_CREATED"),
            ("orders", "orders.status"),
        ]
        for (worker, name) in hops {
            #expect(
                lines.contains { line in
                    let words = line.split(separator: " ")
                    return words.contains(Substring(worker)) && words.contains(Substring(name))
                }, "no \(name) at \(worker)")
        }
        let nobody = UUID().uuidString.lowercased()
        #expect(try await fleet.command(["orders", "timeline", nobody]).0 != .exited(0))
    }

    private func rebuild(_ order: String, _ fleet: RunningFleet) async throws {
        let arguments = ["orders", "rebuild"]
        let (before, all) = try await fleet.command(arguments + ["--check"])
        #expect(before == .exited(0), "\(all)")
        try await sql("UPDATE orders.orders SET status = 'shipped' WHERE id = '\(order)'", fleet)
        let (found, named) = try await fleet.command(arguments + ["--check"])
        #expect(found == .exited(1))
        #expect(named.contains(order), "\(named)")
        let (mended, repaired) = try await fleet.command(arguments)
        #expect(mended == .exited(0))
        #expect(repaired.contains(order) && repaired.contains("1 repaired"), "\(repaired)")
        let (after, again) = try await fleet.command(arguments + ["--check"])
        #expect(after == .exited(0), "\(again)")
        print(named, repaired, again, separator: "\n")
    }

    private func sql(_ statement: String, _ fleet: RunningFleet) async throws {
        let (status, said) = try await ChildProcess.run(
            .init(
                try Programs.find("psql"),
                ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", fleet.file.postgres, "-c", statement]))
        #expect(status.isSuccess, "\(said)")
    }
}
