import Postgres
import Reactor

/// Roles, schema and privileges of one worker; running it again changes nothing.
struct SchemaPreparation: Sendable {
    let names: SchemaNames
    let password: String?

    /// Roles belong to the whole cluster, so runners in other databases may be at the same ones, beyond the reach of this
    /// database's advisory lock. The one that loses tries again.
    static let attempts = 20

    @Reactor
    func run(_ session: PostgresSession) async throws(PostgresError) {
        try await retrying { () throws(PostgresError) in try await session.script(roles) }
        if let password {
            let verifier = try session.verifier(ofPassword: password, role: names.login)
            let sql = "ALTER ROLE \(names.login.quoted) PASSWORD \(verifier.literal)"
            try await retrying { () throws(PostgresError) in try await session.script(sql) }
        }
        let database = try await session.query("SELECT current_database()")
        guard let name = try database.first?.text(0) else { return }
        try await retrying { () throws(PostgresError) in try await session.script(schema(database: name)) }
    }

    @Reactor
    private func retrying(_ body: @Reactor () async throws(PostgresError) -> Void) async throws(PostgresError) {
        for attempt in 1... {
            do throws(PostgresError) {
                return try await body()
            } catch {
                guard Self.isRace(error), attempt < Self.attempts else { throw error }
            }
            // A cancelled task does not pause; the attempts still bound it.
            try? await Reactor.sleep(for: .milliseconds(Int.random(in: 5...50)))
        }
    }

    /// duplicate_object and unique_violation on `pg_authid`; two updates of one catalogue row are an internal error.
    static func isRace(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case "42710", "23505", "42P06": true
        case "XX000": error.message.contains("concurrently")
        default: false
        }
    }

    private var roles: String {
        """
        DO $roles$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = \(names.owner.literal)) THEN
                CREATE ROLE \(names.owner.quoted) NOLOGIN;
            END IF;
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = \(names.login.literal)) THEN
                CREATE ROLE \(names.login.quoted) LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
            END IF;
            IF NOT pg_has_role(current_user, \(names.owner.literal), 'MEMBER') THEN
                GRANT \(names.owner.quoted) TO CURRENT_USER;
            END IF;
        END
        $roles$
        """
    }

    private func schema(database: String) -> String {
        let (schema, owner, login) = (names.schema.quoted, names.owner.quoted, names.login.quoted)
        let setting = "ALTER ROLE \(login) IN DATABASE \(database.quoted) SET"
        let grants = "ALTER DEFAULT PRIVILEGES FOR ROLE \(owner)"
        return """
            SET client_min_messages = warning;
            CREATE SCHEMA IF NOT EXISTS \(schema) AUTHORIZATION \(owner);
            REVOKE ALL ON SCHEMA \(schema) FROM PUBLIC;
            GRANT USAGE ON SCHEMA \(schema) TO \(login);
            \(setting) search_path = \(schema);
            \(setting) statement_timeout = '5s';
            \(setting) lock_timeout = '1s';
            \(setting) idle_in_transaction_session_timeout = '5s';
            \(setting) client_connection_check_interval = '1s';
            \(grants) REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
            \(grants) IN SCHEMA \(schema) GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \(login);
            \(grants) IN SCHEMA \(schema) GRANT USAGE ON SEQUENCES TO \(login);
            \(grants) IN SCHEMA \(schema) GRANT EXECUTE ON FUNCTIONS TO \(login);
            CREATE TABLE IF NOT EXISTS \(schema).schema_migrations (
                name text PRIMARY KEY,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            ALTER TABLE \(schema).schema_migrations OWNER TO \(owner);
            REVOKE ALL ON \(schema).schema_migrations FROM \(login);
            GRANT SELECT ON \(schema).schema_migrations TO \(login);
            RESET client_min_messages;
            """
    }
}
