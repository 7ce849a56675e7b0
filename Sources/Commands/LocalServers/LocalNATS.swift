import FoundationEssentials
import Glibc
public import Logging
import Synchronization

/// A private nats-server with JetStream on the loopback address.
///
/// It dies with this process. `stop`, `kill`, `restart` keep the port and the store; call them one after the other.
public final class LocalNATS: Sendable {
    public struct Options: Sendable {
        /// Holds the store, the log and the pid; made when missing, used again when not.
        public var directory: String
        /// Client port; nil takes a free one.
        public var port: Int?
        /// Port of the HTTP monitoring; nil takes a free one.
        public var monitorPort: Int?
        /// Taken in place of a free one when nobody has them.
        public var preferredPort: Int?
        public var preferredMonitorPort: Int?
        /// Goes behind the text of `docker/nats/nats.conf`: accounts and users, for instance.
        public var extraConfiguration: String?
        /// The account of all clients in `extraConfiguration`; nil is the common one. It gets the streams that an earlier
        /// run stored for another.
        public var account: String?
        /// Variables that `extraConfiguration` names; their values are read like the text of the file.
        public var environment: [String: String] = [:]
        /// How long a start may take.
        public var startLimit: Duration = .seconds(15)
        public var logger: Logger?

        public init(directory: String, port: Int? = nil, monitorPort: Int? = nil, logger: Logger? = nil) {
            self.directory = directory
            self.port = port
            self.monitorPort = monitorPort
            self.logger = logger
        }
    }

    public let port: Int
    public let monitorPort: Int
    public let directory: String
    /// `nats://127.0.0.1:<port>`
    public var url: String { "nats://127.0.0.1:\(port)" }
    /// `http://127.0.0.1:<port>`, with `/varz`, `/jsz`, `/connz`.
    public var monitorURL: String { "http://127.0.0.1:\(monitorPort)" }
    /// The running (or the last) process.
    public var pid: Int32 { child.withLock { $0.pid } }
    public var isRunning: Bool { child.withLock { $0.isRunning } }

    private let options: Options
    private let lock: Mutex<DirectoryLock?>
    private let child: Mutex<ChildProcess>

    private init(options: Options, ports: (Int, Int), lock: DirectoryLock, child: ChildProcess) {
        self.options = options
        (port, monitorPort) = ports
        directory = options.directory
        self.lock = Mutex(lock)
        self.child = Mutex(child)
    }

    /// Starts a server and waits until it answers.
    @concurrent
    public static func start(
        directory: String, port: Int? = nil, monitorPort: Int? = nil, logger: Logger? = nil
    ) async throws(LocalServerError) -> LocalNATS {
        try await start(Options(directory: directory, port: port, monitorPort: monitorPort, logger: logger))
    }

    /// Starts a server and waits until it answers.
    ///
    /// - Throws: When nats-server is missing, a given port is taken, another process uses the directory, or the server does not come up
    ///   (with the last lines of its log).
    @concurrent
    public static func start(_ options: Options) async throws(LocalServerError) -> LocalNATS {
        var options = options
        options.directory = Files.absolute(options.directory)
        try Files.makeDirectory(options.directory, mode: 0o750)
        let lock = try DirectoryLock(options.directory)
        do throws(LocalServerError) {
            try await endLeftover(in: options.directory)
            try BrokerStore.handOver(options.directory, to: options.account ?? BrokerStore.commonAccount)
            var attempts = 0
            while true {
                attempts += 1
                // The preferred ones once: whoever took one since will not give it back.
                let isFirst = attempts == 1
                let ports = (
                    try Ports.pick(
                        options.port, preferred: isFirst ? options.preferredPort : nil, for: "nats-server"),
                    try Ports.pick(
                        options.monitorPort, preferred: isFirst ? options.preferredMonitorPort : nil,
                        for: "nats-server's monitoring")
                )
                do throws(LocalServerError) {
                    let child = try await launch(options, ports: ports)
                    return LocalNATS(options: options, ports: ports, lock: lock, child: child)
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

    /// Ends the server in good order, killing it after `limit`.
    @concurrent
    public func stop(within limit: Duration = .seconds(10)) async {
        await current.terminate(within: limit)
        unlock()
    }

    /// Kills the server as a crash would (SIGKILL) and waits until it is gone.
    @concurrent
    public func kill() async {
        current.signal(SIGKILL)
        _ = await current.exit(within: .seconds(5))
    }

    /// Starts the server again on the same ports with the same store, stopping it first when it runs.
    @concurrent
    public func restart() async throws(LocalServerError) {
        await current.terminate(within: .seconds(10))
        try relock()
        let fresh = try await Self.launch(options, ports: (port, monitorPort))
        child.withLock { $0 = fresh }
    }

    /// Sends a signal to the server, such as SIGSTOP and SIGCONT.
    public func signal(_ number: Int32) { current.signal(number) }

    /// Waits for the end of the running process; nil when the task is cancelled.
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

    private static func log(_ directory: String) -> String { "\(directory)/nats-server.log" }
    private static func pidFile(_ directory: String) -> String { "\(directory)/nats-server.pid" }

    private static func launch(_ options: Options, ports: (Int, Int)) async throws(LocalServerError) -> ChildProcess {
        let program = try Programs.find("nats-server")
        let home = try Home.find()
        let directory = options.directory
        let log = log(directory)
        Files.rotate(log)
        let name = "flotilla-\(UInt64.random(in: 0 ... .max))"
        let own = [
            "FLOTILLA_NATS_NAME": name, "FLOTILLA_NATS_PORT": "\(ports.0)",
            "FLOTILLA_NATS_MONITOR_PORT": "\(ports.1)", "FLOTILLA_NATS_STORE": quoted(directory),
        ]
        let child = try await ChildProcess.spawn(
            .init(
                program, ["-c", try configuration(options, home: home), "-P", pidFile(directory)],
                environment: options.environment.merging(own) { _, own in own }, output: .file(log)))
        let clock = ContinuousClock()
        let deadline = clock.now + options.startLimit
        while clock.now < deadline {
            if let status = child.status {
                let tail = Files.lastLines(log)
                let reason = tail.last { $0.contains("[FTL]") || $0.contains("[ERR]") || $0.hasPrefix("nats-server:") }
                let isPort = reason?.contains("address already in use") == true
                throw LocalServerError(
                    isPort ? .portTaken : .process,
                    "nats-server did not start (\(status)): \(reason ?? tail.last ?? "no output"); log: \(log)",
                    logTail: tail)
            }
            // The name in the greeting tells it from a stranger on the same port.
            if Ports.greeting(ports.0, limitMilliseconds: 200)?.contains(name) == true {
                options.logger?.debug("nats-server is ready", metadata: ["port": "\(ports.0)", "pid": "\(child.pid)"])
                return child
            }
            try? await Task.sleep(for: .milliseconds(10))
            guard !Task.isCancelled else {
                child.signal(SIGKILL)
                throw LocalServerError(.cancelled, "the start of nats-server was given up")
            }
        }
        await child.terminate(within: .seconds(1))
        throw LocalServerError(
            .timeout, "nats-server did not answer on port \(ports.0) within \(options.startLimit); log: \(log)",
            logTail: Files.lastLines(log))
    }

    /// The file to start with: the shipped one, or a copy with more behind it.
    private static func configuration(_ options: Options, home: String) throws(LocalServerError) -> String {
        let shipped = "\(home)/docker/nats/nats.conf"
        guard let extra = options.extraConfiguration else { return shipped }
        guard let text = Files.text(shipped) else {
            throw LocalServerError(.directory, "cannot read \(shipped)")
        }
        let file = "\(options.directory)/nats-server.conf"
        // May hold passwords.
        try Files.write("\(text)\n\(extra)", to: file, mode: 0o600)
        return file
    }

    private static func endLeftover(in directory: String) async throws(LocalServerError) {
        let file = pidFile(directory)
        guard let text = Files.text(file), let pid = Int32(text.prefix { $0.isNumber }) else { return }
        try await Leftover.end(pid, whoseArgumentsHave: file, signal: SIGTERM)
        unlink(file)
    }

    /// As a string of the configuration language: variables are parsed like the text of the file.
    private static func quoted(_ text: String) -> String {
        let escaped = text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
        return "\"" + escaped.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }
}
