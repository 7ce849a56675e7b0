import ArgumentParser
import AsyncHTTPClient
import LocalFleet
import NATS

/// The load scenario of a shop, over HTTP: register, log in, look around, order, pay, beside reads; shown step by step
/// first, then as load, and checked at the end against stock, the books of the card company, and the mail folder.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Place orders as customers do, and check that everything adds up.",
        discussion: """
            Needs a fleet that `flotilla up` started. Requests that get 503, 504 or no connection are sent again under the \
            same idempotency key, as a good client does, and counted. The exit code is 0 when everything adds up.
            """)

    @OptionGroup var fleet: ClientOptions

    @Option(help: "Customers to register.")
    var customers = 8

    @Option(help: "Orders to place.")
    var orders = 60

    @Option(help: "Orders on their way at the same time.")
    var concurrency = 8

    @Option(help: "Orders to begin each second at most (default: as fast as they go).")
    var rate: Int?

    func validate() throws {
        guard (1...1_000).contains(customers) else { throw ValidationError("--customers: expected 1 to 1000") }
        guard (0...100_000).contains(orders) else { throw ValidationError("--orders: expected 0 to 100000") }
        guard (1...64).contains(concurrency) else { throw ValidationError("--concurrency: expected 1 to 64") }
        guard (1...10_000).contains(rate ?? 1) else { throw ValidationError("--rate: expected 1 to 10000") }
    }

    func run() async throws {
        let file = try fleet.fleet()
        let nats = try await fleet.connect(as: "flotilla-demo")
        let journal = DemoJournal()
        let shop = Shop(fleet: file, http: .shared, journal: journal)
        let audit = Audit(fleet: file, nats: nats, shop: shop)

        let before = try await audit.stock()
        print("One order, step by step\n")
        let (first, entry) = try await Tour(shop: shop).run()
        print("\n\(orders) orders of \(customers) customers, \(concurrency) at a time\n")
        let load = Load(shop: shop, orders: orders, concurrency: concurrency, rate: rate)
        let entries = try await load.run(customers: [first] + load.register(customers - 1))
        print("\nDoes it add up?\n")
        let isFine = try await audit.check(entries + [entry], stockBefore: before)
        print("")
        print(await journal.report())
        await nats.close()
        guard isFine else { throw ExitCode(1) }
    }
}
