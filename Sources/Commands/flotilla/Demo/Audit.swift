import Foundation
import JSON
import LocalFleet
import LocalServers
import NATS

/// Holds the system against what the clients remember: states, stock, money, mail.
struct Audit {
    let fleet: FleetFile
    let nats: NATSConnection
    let shop: Shop

    /// All products of the catalogue together.
    struct Stock: Equatable {
        var available: Int64 = 0
        var reserved: Int64 = 0
        var sold: Int64 = 0

        var all: Int64 { available + reserved + sold }
    }

    /// How long things may take to settle after the last answer.
    private static let limit = Duration.seconds(60)

    func stock() async throws -> Stock {
        var stock = Stock()
        var after: String?
        repeat {
            let page = try await call("inventory.products.list") { json in
                json.field("limit", 100)
                json.fieldIfPresent("after", after)
            }
            for product in page["products"]?.array ?? [] {
                stock.available += product["stock"]?.int64 ?? 0
                stock.reserved += product["reserved"]?.int64 ?? 0
                stock.sold += product["sold"]?.int64 ?? 0
            }
            after = page["next"]?.string
        } while after != nil
        return stock
    }

    /// - Returns: whether everything adds up; what does not is printed.
    func check(_ orders: [PlacedOrder], stockBefore: Stock) async throws -> Bool {
        var isFine = true
        func show(_ what: String, _ problems: [String]) {
            print("   \(problems.isEmpty ? "yes" : "NO ")  \(what)")
            for problem in problems.prefix(10) { print("          \(problem)") }
            if problems.count > 10 { print("          and \(problems.count - 10) more") }
            if !problems.isEmpty { isFine = false }
        }
        show("every order is in its final state, once", try await states(orders))
        show("stock: nothing lost, nothing oversold, nothing held", try await stock(orders, before: stockBefore))
        show("money: each confirmed order charged once, no cancelled one", try await money(orders))
        show("mail: one for each event", try await mail(orders))
        for finding in try await FleetCheck(postgres: fleet.postgres, patience: Self.limit).run() {
            show(finding.invariant, finding.problems)
        }
        show("requests: none failed", await shop.journal.failures)
        return isFine
    }

    private func states(_ orders: [PlacedOrder]) async throws -> [String] {
        let deadline = ContinuousClock.now + Self.limit
        var problems: [String] = []
        for order in orders {
            let status = try await order.finalStatus(at: shop, within: deadline - ContinuousClock.now)
            if status != order.card.finalStatus {
                problems.append("\(order.id) (\(order.card.rawValue)): \(status), expected \(order.card.finalStatus)")
            }
        }
        return problems
    }

    private func stock(_ orders: [PlacedOrder], before: Stock) async throws -> [String] {
        let sold = orders.filter { $0.card.finalStatus == "confirmed" }.reduce(0) { $0 + $1.units }
        let expected = Stock(
            available: before.available - sold, reserved: before.reserved,
            sold: before.sold + sold)
        var now = Stock()
        try await untilTrue {
            now = try await stock()
            return now == expected
        }
        return now == expected
            ? []
            : [
                "before \(before), sold \(sold), now \(now)" + (now.all == before.all ? "" : ": units are missing")
                    + " (does somebody else trade at the same time?)"
            ]
    }

    private func money(_ orders: [PlacedOrder]) async throws -> [String] {
        var problems: [String] = []
        try await untilTrue {
            let intents = try await shop.ledger()["intents"]?.array ?? []
            let byOrder = Dictionary(grouping: intents) { $0["orderId"]?.string ?? "" }
            problems = orders.compactMap { order in
                let kept = (byOrder[order.id] ?? []).map { ($0["captured"]?.int64 ?? 0) - ($0["refunded"]?.int64 ?? 0) }
                let charges = kept.filter { $0 > 0 }
                let expected =
                    order.card.finalStatus == "confirmed"
                    ? [Money(decimalText: order.total, currency: .usd)?.minorUnits ?? -1] : []
                return charges == expected
                    ? nil : "\(order.id) (\(order.card.rawValue)): charged \(charges), expected \(expected)"
            }
            return problems.isEmpty
        }
        return problems
    }

    private func mail(_ orders: [PlacedOrder]) async throws -> [String] {
        var problems: [String] = []
        try await untilTrue {
            let files = try Dictionary(
                grouping: FileManager.default.contentsOfDirectory(atPath: fleet.mail).filter { $0.hasSuffix(".eml") }
            ) { String($0.prefix(36)) }
            problems = []
            for order in orders {
                let list = try await call("notifications.list") { json in
                    json.field("orderId", order.id)
                    json.field("limit", 100)
                }
                let sent = (list["notifications"]?.array ?? []).filter { $0["status"]?.string == "sent" }
                let events = sent.compactMap { $0["eventId"]?.string }
                if Set(events).count < events.count || sent.count != order.card.mails {
                    problems.append(
                        "\(order.id) (\(order.card.rawValue)): \(sent.count) mails, expected \(order.card.mails)")
                }
                for event in events where files[event]?.count != 1 {
                    problems.append("\(order.id): \(files[event]?.count ?? 0) files for the event \(event)")
                }
            }
            return problems.isEmpty
        }
        return problems
    }

    private func untilTrue(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + Self.limit
        while try await !condition(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(250)) }
    }

    /// As an internal caller, who sees all.
    private func call(_ subject: String, _ body: (inout JSONWriter) -> Void) async throws -> JSONValue {
        let reply = try await nats.request(subject, body: JSONWriter.object(body), timeout: .seconds(5))
        guard reply.header("Nats-Service-Error-Code") == nil else {
            throw CommandFailure(.internal, "\(subject): \(String(decoding: reply.body, as: UTF8.self))")
        }
        return try JSONReader.parse(reply.body)
    }
}
