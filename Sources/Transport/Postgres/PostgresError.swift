/// Why a statement, a transaction or a connection failed.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Equatable {
        /// No connection, or the connection broke. `outcomeUnknown`: everything that was needed to commit had been sent,
        /// so the effects may be there; read the idempotency row before trying again.
        case connectionLost(outcomeUnknown: Bool)
        /// Nobody gave a connection back in time, or too many wait for one already: the caller should shed load.
        case poolExhausted
        /// The deadline or the server's `statement_timeout` passed; see ``PostgresError/outcomeUnknown``.
        case timeout
        /// The caller's task was cancelled while it waited for a connection: nothing was sent.
        case cancelled
        /// The server refused the statement; see ``PostgresError/sqlState``.
        case server
        case shutdown
        /// A bad URL, a missing database, wrong credentials, a statement that cannot be sent: trying again cannot help.
        case configuration
        /// A column that is not there, is NULL or has another type than the one asked for.
        case decoding
    }

    public var code: Code
    /// One line, without values of rows and without credentials.
    public var message: String
    /// Five characters, `errcodes.txt` of Postgres; nil when the error is not the server's.
    public var sqlState: String?
    /// The violated constraint.
    public var constraint: String?
    public var table: String?
    public var column: String?
    /// The server's detail. May quote values of rows: do not log it, do not show it to clients.
    public var detail: String?
    public var hint: String?
    /// Where in the statement's text, counted in characters from 1.
    public var position: Int?
    /// Whether the statement may have taken effect although it failed.
    public var outcomeUnknown: Bool

    package init(_ code: Code, _ message: String, sqlState: String? = nil, outcomeUnknown: Bool = false) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.outcomeUnknown = outcomeUnknown
        if case .connectionLost(true) = code { self.outcomeUnknown = true }
    }

    public var description: String {
        var line = "postgres: \(message)"
        if let sqlState { line += " [\(sqlState)]" }
        if let constraint { line += " (constraint \(constraint))" }
        if outcomeUnknown { line += " (the outcome is unknown)" }
        return line
    }

    public var isUniqueViolation: Bool { sqlState == "23505" }
    public var isForeignKeyViolation: Bool { sqlState == "23503" }
    public var isCheckViolation: Bool { sqlState == "23514" }
    /// A serialization failure or a deadlock: the transaction was rolled back and may be run again from its start.
    public var isRetryable: Bool { sqlState == "40001" || sqlState == "40P01" }
    /// The statement's result type changed under the prepared statement, or somebody dropped it: preparing again helps.
    var isStalePlan: Bool { sqlState == "26000" || (sqlState == "0A000" && message.contains("cached plan")) }
}

extension PostgresError {
    static func lost(_ message: String, outcomeUnknown: Bool) -> PostgresError {
        PostgresError(.connectionLost(outcomeUnknown: outcomeUnknown), message)
    }

    static let late = PostgresError(.timeout, "the deadline had passed before anything was sent")
    static let shutdown = PostgresError(.shutdown, "the pool has been shut down")

    /// libpq's messages have several lines and end in a newline; the first one says what happened.
    static func firstLine(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        let all = String(cString: text)
        return all.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
