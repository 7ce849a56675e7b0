import ArgumentParser
import LocalFleet

/// `flotilla check`: whether orders, stock and money agree with each other.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look whether orders, stock and money agree with each other.",
        discussion: """
            Reads all schemas, so it needs a database of all workers and a user who may see them. Waits for work that is \
            under way. The exit code is 0 when everything adds up, 1 when something does not.
            """)

    @OptionGroup var fleet: ClientOptions

    @Option(help: "The database: postgres://user:password@host:port/database (or FLOTILLA_POSTGRES_URL, or --dir's).")
    var url: String?

    @Option(help: "Seconds to wait for work that is under way.")
    var wait = 20

    func validate() throws {
        guard (0...3_600).contains(wait) else { throw ValidationError("--wait \(wait): expected 0 to 3600 seconds") }
    }

    func run() async throws {
        let postgres = try url ?? Surroundings().optional("FLOTILLA_POSTGRES_URL") ?? fleet.fleet().postgres
        let findings = try await FleetCheck(postgres: postgres, patience: .seconds(wait)).run()
        guard FleetCheck.show(findings) else { throw ExitCode(1) }
    }
}
