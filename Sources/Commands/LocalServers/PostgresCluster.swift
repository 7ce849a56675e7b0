import FoundationEssentials
import Glibc
import Logging

/// The files of a private cluster and the user that its server runs as.
struct PostgresCluster: Sendable {
    let directory: String
    let identity: ChildProcess.Identity
    let password: String

    private var data: String { "\(directory)/data" }
    private var log: String { "\(directory)/postgres.log" }

    /// Opens the cluster of a directory, made by `initdb` when there is none or an earlier attempt was cut short.
    ///
    /// The caller holds the directory's lock.
    static func open(
        _ directory: String, isDurable: Bool, progress: (@Sendable (String) -> Void)?
    ) async throws(LocalServerError) -> PostgresCluster {
        let passwordFile = "\(directory)/superuser.password"
        let data = "\(directory)/data"
        if let password = Files.text(passwordFile).map({ String($0.prefix { $0 != "\n" }) }), !password.isEmpty {
            let identity = try PostgresIdentity.owner(of: data)
            let cluster = PostgresCluster(directory: directory, identity: identity, password: password)
            try await cluster.endLeftover()
            return cluster
        }
        progress?("initdb: making a Postgres cluster in \(directory)")
        let identity = try await PostgresIdentity.choose(for: directory)
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        let password = String((0..<32).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
        let cluster = PostgresCluster(directory: directory, identity: identity, password: password)
        try await cluster.initialize(isDurable: isDurable)
        // Written last: it says that the cluster is whole.
        try Files.write(password + "\n", to: passwordFile, mode: 0o600)
        return cluster
    }

    private func initialize(isDurable: Bool) async throws(LocalServerError) {
        let initial = "\(directory)/initial.password"
        do { try FileManager.default.removeItem(atPath: data) } catch {
            guard access(data, F_OK) != 0 else {
                throw LocalServerError(.directory, "cannot remove \(data), a half-made cluster")
            }
        }
        try Files.makeDirectory(data, mode: 0o700)
        try Files.write(password + "\n", to: initial, mode: 0o600)
        defer { unlink(initial) }
        if case .user(let uid, let gid) = identity {
            guard chown(data, uid, gid) == 0, chown(initial, uid, gid) == 0 else {
                throw LocalServerError(.directory, "cannot give \(data) to user postgres: \(systemMessage(errno))")
            }
        }
        var arguments = [
            "-D", data, "-U", "postgres", "--pwfile", initial, "--auth", "scram-sha-256", "--encoding", "UTF8",
            "--locale", "C", "--data-checksums", "--no-instructions",
        ]
        if !isDurable { arguments.append("--no-sync") }
        let (status, output) = try await ChildProcess.run(
            .init(
                try Programs.find("initdb"), arguments, environment: ["LC_ALL": "C", "PATH": "/usr/bin:/bin"],
                identity: identity), limit: .seconds(120))
        guard status.isSuccess else {
            let reason = output.last { $0.hasPrefix("initdb: error") || $0.contains("FATAL") || $0.contains("cannot") }
            throw LocalServerError(
                .process, "initdb failed in \(data): \(reason ?? output.last ?? "\(status)")", logTail: output)
        }
    }

    /// Starts a postmaster and waits until it accepts connections.
    func launch(_ options: LocalPostgres.Options, port: Int) async throws(LocalServerError) -> ChildProcess {
        let home = try Home.find()
        guard let configuration = Files.text("\(home)/docker/postgres/postgresql.conf") else {
            throw LocalServerError(.directory, "cannot read \(home)/docker/postgres/postgresql.conf")
        }
        try Files.write(configuration, to: "\(data)/postgresql.conf", mode: 0o644)
        let clock = ContinuousClock()
        let deadline = clock.now + options.startLimit
        while true {
            Files.rotate(log)
            let child = try await ChildProcess.spawn(command(options, port: port))
            do throws(LocalServerError) {
                try await waitUntilReady(child, port: port, deadline: deadline)
                options.logger?.debug("Postgres is ready", metadata: ["port": "\(port)", "pid": "\(child.pid)"])
                return child
            } catch {
                // Sessions of a killed postmaster need a moment to notice and to give up the shared memory.
                let isStillHeld = error.logTail.contains {
                    $0.contains("is still in use") || $0.contains("pre-existing shared memory block")
                }
                guard isStillHeld, clock.now < deadline else { throw error }
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func command(_ options: LocalPostgres.Options, port: Int) throws(LocalServerError) -> ChildProcess.Command {
        var settings = options.settings
        settings["port"] = "\(port)"
        settings["listen_addresses"] = "127.0.0.1"
        if !options.isDurable {
            for name in ["fsync", "synchronous_commit", "full_page_writes"] { settings[name] = "off" }
        }
        let arguments = settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        var command = ChildProcess.Command(
            try Programs.find("postgres"), ["-D", data] + arguments,
            environment: ["LC_ALL": "C", "PATH": "/usr/bin:/bin"], identity: identity, output: .file(log))
        command.lastSignal = SIGQUIT
        return command
    }

    private func waitUntilReady(
        _ child: ChildProcess, port: Int, deadline: ContinuousClock.Instant
    ) async throws(LocalServerError) {
        let before = Files.size(log)
        while ContinuousClock.now < deadline {
            if let status = child.status {
                let tail = Files.lastLines(log, from: before)
                let reason = tail.last { $0.contains("FATAL") || $0.contains("ERROR") }
                let isPort = tail.contains {
                    $0.contains("could not bind") || $0.contains("could not create any TCP/IP")
                }
                throw LocalServerError(
                    isPort ? .portTaken : .process,
                    "Postgres did not start (\(status)): \(reason ?? tail.last ?? "no output"); log: \(log)",
                    logTail: tail)
            }
            // What pg_ctl reads too: line 1 is the pid, line 8 the state.
            let lines =
                Files.text("\(data)/postmaster.pid")?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
            if lines.count > 7, Int32(lines[0]) == child.pid, lines[7].hasPrefix("ready") { return }
            try? await Task.sleep(for: .milliseconds(10))
            guard !Task.isCancelled else {
                child.signal(SIGQUIT)
                throw LocalServerError(.cancelled, "the start of Postgres was given up")
            }
        }
        await child.terminate(with: SIGQUIT, within: .seconds(5))
        throw LocalServerError(
            .timeout, "Postgres was not ready on port \(port) in time; log: \(log)", logTail: Files.lastLines(log))
    }

    private func endLeftover() async throws(LocalServerError) {
        guard let text = Files.text("\(data)/postmaster.pid"), let pid = Int32(text.prefix { $0.isNumber }) else {
            return
        }
        try await Leftover.end(pid, whoseArgumentsHave: data, signal: SIGINT)
    }
}
