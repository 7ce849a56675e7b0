/// The text of one SQL statement, prepared once per connection and run by name from then on.
///
/// Keep statements that run often in a `static let`: the hash by which a connection finds the prepared statement is
/// computed here, once.
public struct Statement: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// One statement with `$1`, `$2`, … for its parameters.
    public let sql: String
    private let fingerprint: Int

    public init(_ sql: String) {
        self.sql = sql
        fingerprint = sql.hashValue
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    public var description: String { sql }

    public static func == (left: Statement, right: Statement) -> Bool {
        left.fingerprint == right.fingerprint && left.sql == right.sql
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
    }
}

extension Statement {
    static let begin: Statement = "BEGIN"
    static let commit: Statement = "COMMIT"
    static let rollback: Statement = "ROLLBACK"
}
