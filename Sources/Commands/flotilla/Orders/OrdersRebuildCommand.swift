import ArgumentParser
import Foundation
import Glibc
import JSON
import LocalFleet
import Logging
import Orders
import Postgres
import Reactor

/// `flotilla orders rebuild`: folds the event store into the projection and compares the two.
struct OrdersRebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Make the projection of the orders anew from their events, where it differs.",
        discussion: """
            Works while workers run. The exit code is 0 when events and projection agree (or agree now), 1 when some \
            orders differ, of which up to ten are named.
            """)

    @OptionGroup var fleet: ClientOptions

    @Option(help: "The database: postgres://user:password@host:port/database (or FLOTILLA_POSTGRES_URL, or --dir's).")
    var url: String?

    @Flag(help: "Only compare.")
    var check = false

    func run() async throws {
        var configuration = PostgresConfiguration(
            url: try url ?? Surroundings().optional("FLOTILLA_POSTGRES_URL") ?? fleet.fleet().postgres)
        configuration.applicationName = "flotilla-rebuild"
        configuration.settings["search_path"] = "orders"
        configuration.statementTimeout = .seconds(30)
        let progress = try await rebuild(configuration)
        for example in progress.examples {
            print("\(example.orderId.text): \(example.what)\(example.isRepaired ? ", repaired" : "")")
        }
        let left = progress.differences - progress.repaired
        let outcome =
            progress.differences == 0
            ? "all as their events say"
            : check ? "\(left) differ" : "\(progress.differences) differed, \(progress.repaired) repaired"
        print("\(progress.orders) orders of \(progress.events) events: \(outcome)")
        if left > 0 { throw ExitCode(1) }
    }

    @Reactor
    private func rebuild(_ configuration: PostgresConfiguration) async throws -> OrderRebuild.Progress {
        let database = PostgresPool(configuration, logger: Logger(label: "rebuild") { _ in SwiftLogNoOpLogHandler() })
        try await database.start()
        let rebuild = OrderRebuild(database: database, repairs: !check)
        let bar = ProgressBar(total: try await rebuild.eventCount(), of: "events")
        do {
            let progress = try await rebuild.run { bar.show($0.events) }
            bar.end(progress.events)
            await database.shutdown()
            return progress
        } catch {
            await database.shutdown()
            throw error
        }
    }
}
