import Logging
import Postgres
import Reactor

/// The migration of one worker's schema over a connection of its own.
struct SchemaMigration: Sendable {
    let names: SchemaNames
    let migrations: [Migration]
    let password: String?
    let adminURL: String
    let logger: Logger

    /// For one statement of a migration.
    private static let patience: Duration = .seconds(600)

    @Reactor
    func run() async -> Result<[String], MigrationError> {
        do throws(MigrationError) {
            return .success(try await migrate())
        } catch {
            return .failure(error)
        }
    }

    @Reactor
    private func migrate() async throws(MigrationError) -> [String] {
        let session = try await connect()
        defer { session.close() }
        try await wrap("waiting for another runner") { () throws(PostgresError) in
            // As long as another runner's statement may take; the lock goes with the session.
            try await session.script(
                """
                SET lock_timeout = 0;
                SELECT pg_advisory_lock(hashtext('flotilla migrations'), hashtext(\(names.schema.literal)));
                RESET lock_timeout;
                """, timeout: Self.patience)
        }
        try await wrap("preparing the schema") { () throws(PostgresError) in
            try await SchemaPreparation(names: names, password: password).run(session)
        }
        let pending = try Self.pending(migrations, applied: try await applied(session))
        var done: [String] = []
        for migration in pending {
            try await apply(migration, session)
            logger.info(
                "migration applied", metadata: ["schema": "\(names.schema)", "migration": "\(migration.name)"])
            done.append(migration.name)
        }
        return done
    }

    @Reactor
    private func connect() async throws(MigrationError) -> PostgresSession {
        var configuration = PostgresConfiguration(url: adminURL)
        configuration.applicationName = "flotilla-migrate"
        // All schemas connect at once, and a server that has just started may be slow to answer.
        configuration.connectTimeout = .seconds(30)
        configuration.statementTimeout = Self.patience
        // Whoever holds a table's lock has a statement_timeout of 5 s; those behind a waiting migration wait with it.
        configuration.lockTimeout = .seconds(10)
        configuration.idleInTransactionTimeout = .seconds(60)
        do throws(PostgresError) {
            return try await PostgresSession.connect(configuration, logger: logger)
        } catch {
            throw MigrationError(error.description, cause: error)
        }
    }

    @Reactor
    private func applied(_ session: PostgresSession) async throws(MigrationError) -> [(name: String, checksum: String)]
    {
        var list: [(name: String, checksum: String)] = []
        try await wrap("reading what was applied") { () throws(PostgresError) in
            let sql = "SELECT name, checksum FROM \(names.schema.quoted).schema_migrations"
            for row in try await session.query(sql) { list.append((try row.text(0), try row.text(1))) }
        }
        return list
    }

    /// Compares files with what was applied: history must be the same, and complete up to its end.
    static func pending(
        _ migrations: [Migration], applied: [(name: String, checksum: String)]
    ) throws(MigrationError) -> [Migration] {
        var known: [String: String] = [:]
        for entry in applied { known[entry.name] = entry.checksum }
        var pending: [Migration] = []
        var firstPending: [Substring: Migration] = [:]
        for migration in migrations {
            let folder = migration.name.prefix { $0 != "/" }
            guard let checksum = known.removeValue(forKey: migration.name) else {
                pending.append(migration)
                if firstPending[folder] == nil { firstPending[folder] = migration }
                continue
            }
            guard checksum == migration.checksum else {
                throw MigrationError(
                    file: migration.name,
                    "was changed after it had been applied; undo the change and write a new migration")
            }
            if let skipped = firstPending[folder] {
                throw MigrationError(file: skipped.name, "was never applied, although \(migration.name) was")
            }
        }
        if let missing = known.keys.min() {
            throw MigrationError(file: missing, "was applied to this database, but the file is missing")
        }
        return pending
    }

    @Reactor
    private func apply(_ migration: Migration, _ session: PostgresSession) async throws(MigrationError) {
        let sql = migration.rendered(names)
        do throws(PostgresError) {
            try await session.script(
                """
                BEGIN;
                SET LOCAL ROLE \(names.owner.quoted);
                SET LOCAL search_path = \(names.schema.quoted);
                """)
        } catch {
            throw MigrationError(file: migration.name, error.description, cause: error)
        }
        do throws(PostgresError) {
            try await session.script(sql, timeout: Self.patience)
        } catch {
            let line = error.position.map { ":\(Migration.line(of: $0, in: sql))" } ?? ""
            throw MigrationError(file: migration.name + line, error.description, cause: error)
        }
        guard session.isInTransaction else {
            throw MigrationError(
                file: migration.name, "must not contain BEGIN, COMMIT or ROLLBACK: a file is one transaction")
        }
        do throws(PostgresError) {
            _ = try await session.query(
                "INSERT INTO \(names.schema.quoted).schema_migrations (name, checksum) VALUES ($1, $2)",
                .text(migration.name), .text(migration.checksum))
            try await session.script("COMMIT")
        } catch {
            throw MigrationError(file: migration.name, error.description, cause: error)
        }
    }

    @Reactor
    private func wrap(
        _ step: String, _ body: @Reactor () async throws(PostgresError) -> Void
    ) async throws(MigrationError) {
        do throws(PostgresError) {
            try await body()
        } catch {
            throw MigrationError(file: names.schema, "\(step): \(error)", cause: error)
        }
    }
}
