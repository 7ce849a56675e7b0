import FoundationEssentials
import Glibc
import JSON
import LocalFleet
import NATS
import Reactor

/// The measurements of `flotilla bench` on a fleet that is ready and has nothing else to do.
@Reactor
final class WorkerBench {
    private let directory: String
    private let nats: NATSConnection
    private let console: Console
    private var products: [Product] = []
    /// Orders that can be read, with their owners.
    private var orders: [(id: String, owner: String)] = []
    private var customer = (id: UUIDv7.next().text, orders: 0)

    private static let ordersOfCustomer = 10

    private struct Product {
        let id: String
        let price: String
    }

    nonisolated init(directory: String, nats: NATSConnection, console: Console) {
        self.directory = directory
        self.nats = nats
        self.console = console
    }

    // MARK: - Idle

    /// Memory, CPU without requests, and the time to start of each worker, as a table.
    func idle(for duration: Duration) async throws -> String {
        say("idle for \(duration.components.seconds) s")
        let before = try workers().compactMap { ProcessUsage(pid: $0.pid) }.map(\.cpu_us)
        try await Reactor.sleep(for: duration)
        var table = TextTable(["WORKER", "RESIDENT MB", "OF ITS OWN MB", "IDLE CPU %", "START ms"])
        for (worker, cpu_us) in zip(try workers(), before) {
            guard let usage = ProcessUsage(pid: worker.pid) else { continue }
            let share = Double(usage.cpu_us - cpu_us) / (duration.inMilliseconds * 10)
            let start_ms = try await restart(worker)
            table.add([
                worker.name, Self.megabytes(usage.resident_KiB), Self.megabytes(usage.anonymous_KiB),
                Self.text(share, digits: 2), Self.text(start_ms, digits: 0),
            ])
        }
        return table.text
    }

    /// Ends one worker in good order and waits for the next: milliseconds from its first instruction until it serves.
    private func restart(_ worker: Running) async throws -> Double {
        say("restarting \(worker.name)")
        kill(worker.pid, SIGTERM)
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let replies = try await nats.requestMany(
                "$SRV.STATS.\(worker.name)", for: .milliseconds(500), quiet: .milliseconds(100), limit: 1)
            if let service = replies.compactMap({ ServiceStatistics($0.body) }).first, let pid = Int32(service.pid),
                pid != worker.pid, let usage = ProcessUsage(pid: pid), let began = Timestamp(text: service.started)
            {
                return Double(began.milliseconds) - usage.began * 1_000
            }
            try await Reactor.sleep(for: .milliseconds(20))
        }
        throw CommandFailure(.unavailable, "\(worker.name) did not come back within 30 s")
    }

    // MARK: - Requests

    /// Requests per second, latency, and CPU of the workers for each request, as a table.
    func requests(lanes: Int, for duration: Duration) async throws -> String {
        try await stock()
        var table = TextTable(["REQUEST", "PER SECOND", "P50 ms", "P99 ms", "CPU us FOR EACH REQUEST"])
        var failures: [String: Int] = [:]
        func measure(_ name: String, _ loop: (Bool) -> ClosedLoop) async throws {
            say("\(name), \(lanes) at a time, for \(duration.components.seconds) s")
            _ = await loop(true).run(lanes: lanes, for: .seconds(1))
            let before = try usage()
            let result = await loop(false).run(lanes: lanes, for: duration)
            // What a request causes after its answer belongs to it as well: events are published and consumed.
            try await Reactor.sleep(for: .seconds(1))
            let after = try usage()
            failures.merge(result.failures) { $0 + $1 }
            let costs = after.compactMap { name, cpu_us -> (String, Double)? in
                let cost = Double(cpu_us - before[name, default: 0]) / Double(max(1, result.latencies_us.count))
                return cost < 0.5 ? nil : (name, cost)
            }
            table.add([
                name, Self.text(result.requestsPerSecond, digits: 0), Self.text(result.percentile(0.5), digits: 2),
                Self.text(result.percentile(0.99), digits: 2),
                costs.sorted { $0.1 > $1.1 }.map { "\($0.0) \(Self.text($0.1, digits: 1))" }.joined(separator: ", "),
            ])
        }
        try await measure("echo (users.keys)") { _ in ClosedLoop(nats, next: { .init(subject: "users.keys") }) }
        try await measure("order create") { [self] _ in
            ClosedLoop(nats, next: { self.newOrder() }, answered: { self.note($0) })
        }
        try await measure("order read") { [self] _ in ClosedLoop(nats, next: { self.readOrder() }) }
        guard failures.isEmpty else {
            throw CommandFailure(
                .internal,
                "requests failed: " + failures.map { "\($0.value) x \($0.key)" }.sorted().joined(separator: ", "))
        }
        return table.text
    }

    /// Products with stock for any run.
    private func stock() async throws {
        let body = JSONWriter.object { json in
            json.objects("products", 1...1_000) { json, number in
                let product = Product(id: UUIDv7.next().text, price: "\(number / 10 + 1).\(number % 10)9")
                products.append(product)
                json.field("id", product.id)
                json.field("sku", "BENCH-\(number)")
                json.field("name", "Product \(number)")
                json.field("price", minorUnits: Int64(number / 10 + 1) * 100 + Int64(number % 10) * 10 + 9, scale: 2)
                json.field("stock", 100_000_000)
            }
        }
        let reply = try await nats.request("inventory.products.import", body: body, timeout: .seconds(10))
        if let refusal = reply.header("Nats-Service-Error") {
            throw CommandFailure(.internal, "the products were refused: \(refusal)")
        }
    }

    /// Nobody pays here, and inventory holds stock for a few unpaid orders of a customer only.
    private func nextCustomer() -> String {
        if customer.orders == Self.ordersOfCustomer { customer = (UUIDv7.next().text, 0) }
        customer.orders += 1
        return customer.id
    }

    private func newOrder() -> ClosedLoop.Request {
        let count = Int.random(in: 1...3)
        var chosen: Set<Int> = []
        while chosen.count < count { chosen.insert(Int.random(in: 0..<products.count)) }
        let lines = chosen.map { index in
            #"{"productId":"\#(products[index].id)","quantity":\#(Int.random(in: 1...3)),"price":\#(products[index].price)}"#
        }
        return .init(
            subject: "orders.create", actor: "customer:\(nextCustomer())", key: UUIDv7.next().text,
            body: Array(#"{"items":[\#(lines.joined(separator: ","))]}"#.utf8))
    }

    private func note(_ order: [UInt8]) {
        guard orders.count < 10_000, let order = try? JSONReader.parse(order), let id = order["id"]?.string,
            let owner = order["userId"]?.string
        else { return }
        orders.append((id, owner))
    }

    private func readOrder() -> ClosedLoop.Request {
        guard let order = orders.randomElement() else { return .init(subject: "orders.get") }
        return .init(
            subject: "orders.get", actor: "customer:\(order.owner)", body: Array(#"{"id":"\#(order.id)"}"#.utf8))
    }

    // MARK: - Processes

    private struct Running {
        let name: String
        let pid: Int32
    }

    private func workers() throws -> [Running] {
        try FleetFile.load(directory: directory).workers.compactMap { worker in
            worker.pid.map { Running(name: worker.name, pid: $0) }
        }
    }

    /// CPU in microseconds by worker.
    private func usage() throws -> [String: Int64] {
        try workers().reduce(into: [:]) { sums, worker in
            sums[worker.name, default: 0] += ProcessUsage(pid: worker.pid)?.cpu_us ?? 0
        }
    }

    private nonisolated func say(_ what: String) { console.write("bench", what) }

    private static func megabytes(_ KiB: Int) -> String { text(Double(KiB) / 1_024, digits: 1) }

    private static func text(_ number: Double, digits: Int) -> String {
        let scale = digits == 0 ? 1.0 : digits == 1 ? 10 : 100
        let rounded = (number * scale).rounded() / scale
        return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
    }
}
