package import Logging
import Postgres
import Reactor

/// Brings the schema of every worker up to what the files say, all workers at once.
///
/// Each worker has a schema, an owner role that cannot log in and runs the files, and a login role that may only read
/// and write rows of that schema. Several runners at once are safe: an advisory lock per schema lets one work at a time.
package struct MigrationRunner: Sendable {
    private let directory: String
    private let adminURL: String
    private let passwords: [String: String]
    private let logger: Logger

    /// - Parameters:
    ///   - directory: holds `runtime/` and a folder per worker.
    ///   - adminURL: a role that may create roles and schemas in the database to migrate.
    ///   - passwords: of the login roles, by worker. A worker that is not named keeps the password it has.
    package init(directory: String, adminURL: String, passwords: [String: String] = [:], logger: Logger) {
        self.directory = directory
        self.adminURL = adminURL
        self.passwords = passwords
        self.logger = logger
    }

    /// Applies what is pending.
    ///
    /// - Parameter only: migrate these workers; all of the folder when nil.
    /// - Returns: what was applied, by worker; an empty list for a schema that was up to date.
    /// - Throws: ``MigrationError``. Other workers' migrations go on to their end first; what was applied stays.
    @discardableResult
    package func run(only: [String]? = nil) async throws -> [String: [String]] {
        let folders = try MigrationFolders(directory: directory)
        let workers = only ?? folders.workers.keys.sorted()
        for worker in workers where folders.workers[worker] == nil {
            throw MigrationError("there is no folder \(directory)/\(worker)")
        }
        let outcomes = await withTaskGroup(of: (String, Result<[String], MigrationError>).self) { group in
            for worker in workers {
                let migration = SchemaMigration(
                    names: SchemaNames(worker: worker), migrations: folders.migrations(for: worker),
                    password: passwords[worker], adminURL: adminURL, logger: logger)
                group.addTask { (worker, await migration.run()) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var applied: [String: [String]] = [:]
        var failures: [MigrationError] = []
        for worker in workers {
            switch outcomes[worker] {
            case .success(let names): applied[worker] = names
            case .failure(let error): failures.append(error)
            case nil: break
            }
        }
        // A server that is away fails every worker in the same way; one line is enough.
        if let first = failures.first { throw first }
        return applied
    }
}
