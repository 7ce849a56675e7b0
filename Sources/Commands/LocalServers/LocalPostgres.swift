import FoundationEssentials
import Glibc
public import Logging
import Synchronization

/// A private Postgres cluster on the loopback address.
///
/// It dies with this process. `stop` and `restart` keep the port and the data; call them one after the other.
public final class LocalPostgres: Sendable {
    public struct Options: Sendable {
        /// Holds the data, the log and the superuser's password; made when missing, used again when not.
        public var directory: String
        /// nil takes a free one.
        public var port: Int?
        /// False gives up crash safety for speed (fsync off): for tests.
        public var isDurable = true
        /// How long a start may take, `initdb` not counted.
        public var startLimit: Duration = .seconds(60)
        /// Settings on top of `docker/postgres/postgresql.conf`.
        public var settings: [String: String] = [:]
        /// Called before a step that takes long.
        public var progress: (@Sendable (String) -> Void)?
        public var logger: Logger?

        public init(directory: String, port: Int? = nil, logger: Logger? = nil) {
            self.directory = directory
            self.port = port
            self.logger = logger
        }
    }

    /// How a server is stopped: `fast` ends sessions and writes a checkpoint, `immediate` recovers at the next start, `kill` is a crash.
    public enum StopMode: Sendable {
        case fast
        case immediate
        case kill
    }

    public let host = "127.0.0.1"
    public let port: Int
    public let directory: String
    /// The superuser's: `postgres://postgres:<password>@127.0.0.1:<port>/postgres`.
    public var url: String { url(database: "postgres") }
    /// The running (or the last) postmaster.
    public var pid: Int32 { child.withLock { $0.pid } }
    public var isRunning: Bool { child.withLock { $0.isRunning } }

    private let cluster: PostgresCluster
    private let options: Options
    private let lock: Mutex<DirectoryLock?>
    private let child: Mutex<ChildProcess>

    private init(options: Options, port: Int, cluster: PostgresCluster, lock: DirectoryLock, child: ChildProcess) {
        self.options = options
        self.port = port
        self.cluster = cluster
        directory = options.directory
        self.lock = Mutex(lock)
        self.child = Mutex(child)
    }

    /// Makes the cluster when there is none, starts it and waits until it accepts connections.
    ///
    /// - Throws: When Postgres is missing, a given port is taken, another process uses the directory, or the server does not come up
    ///   (with the last lines of its log).
    @concurrent
    public static func start(_ options: Options) async throws(LocalServerError) -> LocalPostgres {
        var options = options
        options.directory = Files.absolute(options.directory)
        try Files.makeDirectory(options.directory, mode: 0o755)
        let lock = try DirectoryLock(options.directory)
        do throws(LocalServerError) {
            let cluster = try await PostgresCluster.open(
                options.directory, isDurable: options.isDurable, progress: options.progress)
            var attempts = 0
            while true {
                attempts += 1
                let port = try Ports.pick(options.port, for: "Postgres")
                do throws(LocalServerError) {
                    let child = try await cluster.launch(options, port: port)
                    return LocalPostgres(options: options, port: port, cluster: cluster, lock: lock, child: child)
                } catch {
                    // A port that was free a moment ago can be gone; another one will do.
                    guard error.code == .portTaken, attempts < 5 else { throw error }
                }
            }
        } catch {
            lock.release()
            throw error
        }
    }

    /// The superuser's URL of a database.
    public func url(database: String) -> String {
        "postgres://postgres:\(cluster.password)@127.0.0.1:\(port)/\(database)"
    }

    /// Makes an empty database (an existing one stays as it is) and returns the superuser's URL of it.
    @concurrent
    public func createDatabase(_ name: String) async throws(LocalServerError) -> String {
        let known = try await sql("SELECT 1 FROM pg_database WHERE datname = '\(name.escaped("'"))'")
        if known.isEmpty { _ = try await sql("CREATE DATABASE \"\(name.escaped("\""))\" TEMPLATE template0") }
        return url(database: name)
    }

    /// Runs one statement as superuser through `psql`; one line a row, columns parted by `|`.
    @concurrent
    public func sql(_ statement: String, database: String = "postgres") async throws(LocalServerError) -> [String] {
        let (status, output) = try await ChildProcess.run(
            .init(
                try Programs.find("psql"),
                [
                    "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", "\(port)", "-U", "postgres", "-d", database,
                    "-c", statement,
                ],
                environment: ["PGPASSWORD": cluster.password, "PGCONNECT_TIMEOUT": "10", "LC_ALL": "C"]))
        guard status.isSuccess else {
            throw LocalServerError(.process, "psql: \(output.first ?? "\(status)")", logTail: output)
        }
        return output
    }

    /// Stops the server; one that does not end within `limit` is killed.
    @concurrent
    public func stop(mode: StopMode = .fast, within limit: Duration = .seconds(20)) async {
        await end(mode, within: limit)
        unlock()
    }

    private func end(_ mode: StopMode, within limit: Duration) async {
        switch mode {
        case .fast:
            current.signal(SIGINT)
            if await current.exit(within: limit) == nil { await current.terminate(with: SIGQUIT, within: .seconds(5)) }
        case .immediate: await current.terminate(with: SIGQUIT, within: limit)
        case .kill: await current.terminate(with: SIGKILL, within: limit)
        }
    }

    /// Starts the server again on the same port with the same data, stopping it first when it runs.
    @concurrent
    public func restart(mode: StopMode = .fast) async throws(LocalServerError) {
        await end(mode, within: .seconds(20))
        try relock()
        let fresh = try await cluster.launch(options, port: port)
        child.withLock { $0 = fresh }
    }

    /// Sends a signal to the postmaster.
    public func signal(_ number: Int32) { current.signal(number) }

    /// Waits for the end of the running postmaster; nil when the task is cancelled.
    package func exit() async -> ExitStatus? { await current.exit() }

    private var current: ChildProcess { child.withLock { $0 } }

    /// Gives the directory free for another start, in this process or elsewhere.
    private func unlock() {
        lock.withLock { lock in
            lock?.release()
            lock = nil
        }
    }

    private func relock() throws(LocalServerError) {
        try lock.withLock { lock throws(LocalServerError) in
            if lock == nil { lock = try DirectoryLock(directory) }
        }
    }
}

extension String {
    /// With every `quote` doubled, as SQL wants it inside quotes.
    fileprivate func escaped(_ quote: Character) -> String {
        split(separator: quote, omittingEmptySubsequences: false).joined(separator: "\(quote)\(quote)")
    }
}
