import ArgumentParser
import FoundationEssentials
import LocalServers
import Logging
import Migrations

/// `flotilla migrate`: brings all schemas of a database up to date, all workers at once.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the schemas of all workers up to date.",
        discussion: """
            Passwords of the workers' login roles come from files: --passwords names a folder with postgres-<worker>.password. \
            A role without a file keeps the password that it has.
            """)

    @Option(
        help:
            "A role that may make schemas and roles: postgres://user:password@host:port/database (or FLOTILLA_POSTGRES_URL)."
    )
    var url: String?

    @Option(help: "Folder of the migrations (default: those of FLOTILLA_HOME).")
    var directory: String?

    @Option(help: "Folder with the files postgres-<worker>.password.")
    var passwords: String?

    @Argument(help: "Workers to migrate (default: all).")
    var workers: [String] = []

    func run() async throws {
        guard let url = url ?? ProcessInfo.processInfo.environment["FLOTILLA_POSTGRES_URL"], !url.isEmpty else {
            throw CommandFailure(.usage, "migrate needs --url or FLOTILLA_POSTGRES_URL")
        }
        let directory = try directory ?? Home.find() + "/migrations"
        let logger = Logger(label: "migrate", factory: { _ in SwiftLogNoOpLogHandler() })
        let applied = try await MigrationRunner(
            directory: directory, adminURL: url, passwords: try readPasswords(), logger: logger
        ).run(only: workers.isEmpty ? nil : workers)
        for (worker, names) in applied.sorted(by: { $0.key < $1.key }) {
            print("\(worker): \(names.isEmpty ? "up to date" : names.joined(separator: ", "))")
        }
    }

    private func readPasswords() throws -> [String: String] {
        guard let passwords else { return [:] }
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: passwords) else {
            throw CommandFailure(.usage, "cannot read the folder \(passwords)")
        }
        return files.reduce(into: [:]) { found, file in
            guard file.hasPrefix("postgres-"), file.hasSuffix(".password"),
                let text = Files.text("\(passwords)/\(file)")
            else { return }
            found[String(file.dropFirst(9).dropLast(9))] = String(text.prefix { $0 != "\n" })
        }
    }
}
