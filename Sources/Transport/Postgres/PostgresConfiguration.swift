/// Where the database is and how patient to be with it. Plain values with defaults.
public struct PostgresConfiguration: Sendable {
    /// `postgres://user:password@host:port/database?…` or libpq's `key=value` form. Never logged.
    public var url: String
    /// Shown in `pg_stat_activity`.
    public var applicationName = "flotilla"

    /// Connections kept open once the pool has started.
    public var minConnections = 1
    /// Connections open at most.
    public var maxConnections = 10
    /// Callers that may wait for a connection; one more is refused at once.
    public var maxWaiters = 1_000
    /// How long a caller waits for a connection, its own deadline permitting.
    public var maxWait: Duration = .seconds(1)
    /// Connections beyond ``minConnections`` are closed after being idle this long.
    public var idleTimeout: Duration = .seconds(60)
    /// Prepared statements kept per connection.
    public var statementLimit = 256

    /// From the first packet to a session that is ready, name resolution included.
    public var connectTimeout: Duration = .seconds(5)
    /// Deadline of a query whose caller names none.
    public var queryTimeout: Duration = .seconds(5)
    /// How long a cancelled query may take to say how it ended before its connection is closed.
    public var cancelTimeout: Duration = .milliseconds(500)
    /// Pauses between attempts to reconnect: the first one and the longest; they double and have jitter.
    public var backoff: ClosedRange<Duration> = .milliseconds(50) ... .seconds(2)

    /// Server settings of each session; nil leaves the role's.
    public var statementTimeout: Duration? = .seconds(5)
    public var lockTimeout: Duration? = .seconds(1)
    public var idleInTransactionTimeout: Duration? = .seconds(5)
    /// How often the server looks whether the client of a running statement is still there (Postgres 14 or newer).
    public var clientCheckInterval: Duration? = .seconds(1)
    /// More server settings, for example `["search_path": "orders"]`.
    public var settings: [String: String] = [:]

    /// TCP: silence before a probe, between probes, and how many may fail; unacknowledged data closes the connection
    /// after `tcpUserTimeout`.
    public var keepaliveIdle: Duration = .seconds(10)
    public var keepaliveInterval: Duration = .seconds(5)
    public var keepaliveCount = 3
    public var tcpUserTimeout: Duration = .seconds(10)

    public init(url: String) {
        self.url = url
    }
}

extension Duration {
    /// Whole milliseconds, rounded down, never below 0.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        guard !whole.overflow, whole.partialValue >= 0 else { return seconds < 0 ? 0 : Int(Int32.max) }
        return Int(clamping: min(whole.partialValue, Int64(Int32.max)) + max(0, attoseconds / 1_000_000_000_000_000))
    }
}
