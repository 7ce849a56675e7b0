import ArgumentParser
import AsyncHTTPClient
import Glibc
import LocalFleet

/// `flotilla soak`: random things that customers and staff do, side by side, and a check of all books at the end.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "Do many random things to a running fleet, then check that all books agree.",
        discussion: """
            Needs a fleet that `flotilla up` started. A refusal is an answer like any other; what counts is that nothing \
            fails and that orders, stock and money agree afterwards. The exit code is 0 then.
            """)

    @OptionGroup var fleet: ClientOptions

    @Option(help: "Operations in all.")
    var operations = 2_000

    @Option(help: "Operations at the same time.")
    var concurrency = 16

    @Option(help: "Customers to register.")
    var customers = 12

    @Option(help: "What the choices are made from; the order in which they meet is not repeated.")
    var seed: UInt64 = .random(in: 0...UInt64(UInt32.max))

    func validate() throws {
        guard (1...1_000_000).contains(operations) else {
            throw ValidationError("--operations \(operations): expected 1 to 1000000")
        }
        guard (1...64).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): expected 1 to 64")
        }
        guard (1...500).contains(customers) else {
            throw ValidationError("--customers \(customers): expected 1 to 500")
        }
    }

    func run() async throws {
        let file = try fleet.fleet()
        print("\(operations) operations, \(concurrency) at a time, seed \(seed)\n")
        let journal = DemoJournal()
        let shop = Shop(fleet: file, http: .shared, journal: journal, waitsForHolds: false)
        let people = try await Load(shop: shop, orders: 0, concurrency: 1, rate: nil).register(customers)
        let book = SoakBook(seed: seed)
        let crowd = SoakCrowd(
            shop: shop, book: book, customers: people, products: try await Load.catalogue(of: shop))
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<operations {
                if number >= concurrency { try await group.next() }
                group.addTask { await crowd.act() }
                if number % 100 == 99, isatty(STDOUT_FILENO) == 1 {
                    print("   \(number + 1) of \(operations)", terminator: "\r")
                    fflush(nil)
                }
            }
            try await group.waitForAll()
        }
        print("   done in \(((ContinuousClock.now - began).inMilliseconds / 100).rounded() / 10) s\n")
        print(await book.report())
        print("\nDoes it add up?\n")
        var isFine = FleetCheck.show(try await FleetCheck(postgres: file.postgres, patience: .seconds(90)).run())
        let books = try await StripeComparison(shop: shop, postgres: file.postgres).differences()
        isFine = FleetCheck.show([.init(invariant: "the card company's books say the same", problems: books)]) && isFine
        let failures = await book.failures
        isFine = FleetCheck.show([.init(invariant: "no request failed", problems: failures)]) && isFine
        print("")
        print(await journal.report())
        guard isFine else { throw ExitCode(1) }
    }
}
