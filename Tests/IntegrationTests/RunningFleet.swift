import FleetTesting
import Foundation
import LocalFleet
import LocalServers
import Logging
import NATS
import Synchronization

/// `flotilla up` as a user runs it: the built executable, in a directory of its own, with its own servers.
struct RunningFleet {
    let directory: String
    let up: ChildProcess
    let file: FleetFile
    private let output: Output

    /// Starts a fleet, hands it to `body`, ends it as Ctrl-C does, and checks that it left nothing behind, and that nobody
    /// did on the broker what he may not.
    ///
    /// - Parameters:
    ///   - isSecure: whether everybody is a user of the broker with the permissions of the contracts.
    ///   - violations: the lines of the broker's log that the test has earned.
    ///   - directory: nil takes a fresh one.
    static func run(
        scale: String = "", isSecure: Bool = true, in directory: String? = nil,
        violations: (String) -> Bool = { _ in false }, _ body: (RunningFleet) async throws -> Void
    ) async throws {
        let directory = try directory ?? TestServers.directory() + "/fleet"
        let output = Output()
        var environment = ProcessInfo.processInfo.environment
        environment["FLOTILLA_HOME"] = try Home.find()
        // Hashing passwords at full cost is what most of the run would be.
        environment["FLOTILLA_BCRYPT_COST"] = "4"
        var arguments = ["up", "--dir", directory, "--port", "\(try Ports.free())"]
        if !scale.isEmpty { arguments += ["--scale", scale] }
        if isSecure { arguments.append("--secure-broker") }
        let up = try await ChildProcess.spawn(
            .init(WorkerProcess.executable, arguments, environment: environment, output: .lines { output.append($0) }))
        do {
            let deadline = ContinuousClock.now + .seconds(120)
            while output.isReady == false {
                guard up.isRunning, ContinuousClock.now < deadline else {
                    throw Failure("the fleet did not become ready:\n\(output.tail)")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
            let file = try FleetFile.load(directory: directory)
            try await body(RunningFleet(directory: directory, up: up, file: file, output: output))
        } catch {
            _ = await up.terminate(within: .seconds(40))
            throw Failure("\(error)\n--- the fleet said:\n\(output.tail)")
        }
        let status = await up.terminate(with: SIGINT, within: .seconds(40))
        guard status == .exited(0) else {
            throw Failure("up ended with \(status.map { "\($0)" } ?? "a kill"):\n\(output.tail)")
        }
        let left = try leftovers(in: directory)
        guard left.isEmpty else { throw Failure("left running: \(left)") }
        let violated = try Self.violations(in: directory).filter { !violations($0) }
        guard violated.isEmpty else { throw Failure("against the permissions:\n\(violated.joined(separator: "\n"))") }
    }

    /// What the broker refused.
    static func violations(in directory: String) throws -> [String] {
        try String(contentsOfFile: "\(directory)/nats/nats-server.log", encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("Violation") || $0.contains("authentication error") }.map(String.init)
    }

    /// A connection to its broker.
    /// - Parameter user: nil is the operator.
    func connect(as user: String? = nil) async throws -> NATSConnection {
        var configuration = NATSConfiguration(url: user == nil ? file.nats : file.natsWithoutUser)
        if let user {
            let password = try String(contentsOfFile: "\(directory)/secrets/nats-\(user).password", encoding: .utf8)
            configuration.credentials = .user(user, password: String(password.dropLast()))
        }
        return try await NATSConnection.connect(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The last lines of `up`.
    var said: String { output.tail }

    /// Runs another command of the executable on this fleet; its exit status and all it printed.
    func command(
        _ arguments: [String], environment own: [String: String] = [:], within limit: Duration = .seconds(180)
    ) async throws -> (ExitStatus?, String) {
        let output = Output()
        var environment = ProcessInfo.processInfo.environment.merging(own) { $1 }
        environment["FLOTILLA_HOME"] = try Home.find()
        let child = try await ChildProcess.spawn(
            .init(
                WorkerProcess.executable, arguments + ["--dir", directory], environment: environment,
                output: .lines { output.append($0) }))
        let status = await child.exit(within: limit)
        if status == nil { _ = await child.terminate(within: .seconds(5)) }
        return (status, output.tail)
    }

    /// What became of a command while members of the fleet were ended.
    struct UnderFire {
        let status: ExitStatus?
        let said: String
        /// How many processes got their signal.
        let signals: Int

        /// Whether clients noticed: a request was sent again, or one took much longer than any does in peace.
        var showsFaults: Bool {
            let longest = said.split(separator: "\n").compactMap { line in
                line.split(separator: " ").last.flatMap { Double($0) }
            }.max()
            return !said.contains("sent again: none") || (longest ?? 0) > 1_500
        }
    }

    /// Runs another command of the executable and meanwhile sends signals, one in each interval, four at the most.
    func underFire(
        _ arguments: [String], every pause: Duration,
        _ victim: @escaping @Sendable (FleetFile, Int) -> (pid: Int32?, signal: Int32)
    ) async throws -> UnderFire {
        // Unstructured: it ends with the command, which is awaited below.
        let shooter = Task {
            var count = 0
            while count < 4, !Task.isCancelled {
                do { try await Task.sleep(for: pause) } catch { break }
                let (pid, signal) = victim(try current(), count)
                if let pid, kill(pid, signal) == 0 { count += 1 }
            }
            return count
        }
        let (status, said) = try await command(arguments)
        shooter.cancel()
        return UnderFire(status: status, said: said, signals: try await shooter.value)
    }

    /// The pids as they are now.
    func current() throws -> FleetFile { try FleetFile.load(directory: directory) }

    private static func leftovers(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
            guard Int32(name) != nil, let line = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8),
                line.contains(directory)
            else { return nil }
            return "\(name) \(line.replacingOccurrences(of: "\0", with: " "))"
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// The last lines of a process.
    final class Output: Sendable {
        private let lines = Mutex<[String]>([])

        func append(_ line: String) {
            lines.withLock { lines in
                lines.append(line)
                if lines.count > 400 { lines.removeFirst() }
            }
        }

        var tail: String { lines.withLock { $0.suffix(120).joined(separator: "\n") } }
        var isReady: Bool { lines.withLock { $0.contains { $0.contains("fleet is ready") } } }
    }
}
