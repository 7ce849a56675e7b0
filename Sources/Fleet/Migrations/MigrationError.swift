package import Postgres

/// A migration that was refused or failed, in one line that names the file.
package struct MigrationError: Error, Sendable, CustomStringConvertible {
    /// Relative to the migrations folder, with the line where the server named a place: `orders/0002_totals.sql:12`.
    package let file: String?
    package let message: String
    /// What the database said.
    package let cause: PostgresError?

    package init(file: String? = nil, _ message: String, cause: PostgresError? = nil) {
        self.file = file
        self.message = message
        self.cause = cause
    }

    package var description: String {
        var line = "migrations: "
        if let file { line += "\(file): " }
        return line + message
    }
}
