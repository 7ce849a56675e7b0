import CLinux
import Glibc

extension ChildProcess {
    /// Where standard output and error go.
    package enum Output: Sendable {
        /// Appended to a file.
        case file(String)
        /// Line by line, on the child's own thread, without the line end.
        case lines(@Sendable (String) -> Void)
        /// To this process's own.
        case inherit
    }

    /// As whom a program runs.
    package enum Identity: Sendable, Hashable {
        case current
        /// This user, switched to by root.
        case user(uid: UInt32, gid: UInt32)
        /// Root that looks like this user to the program: a user namespace in which files of root are the user's.
        case mapped(uid: UInt32, gid: UInt32)
    }

    /// What to start.
    package struct Command: Sendable {
        package var executable: String
        package var arguments: [String]
        package var environment: [String: String]
        package var identity: Identity
        package var output: Output
        /// What `killAll` sends first: a server with children of its own needs one that lets it end them.
        package var lastSignal = SIGKILL

        package init(
            _ executable: String, _ arguments: [String], environment: [String: String] = [:],
            identity: Identity = .current, output: Output = .inherit
        ) {
            self.executable = executable
            self.arguments = arguments
            self.environment = environment
            self.identity = identity
            self.output = output
        }

        /// The last part of the path.
        package var name: String { executable.split(separator: "/").last.map(String.init) ?? executable }
    }
}

extension ChildProcess.Command {
    /// The whole command line: `setpriv` arranges the parent-death signal, which must be set after the last change of
    /// credentials because the kernel clears it there.
    private func commandLine() throws(LocalServerError) -> [String] {
        let setpriv = try Programs.find("setpriv")
        let mortal = [setpriv, "--pdeathsig", "KILL", executable] + arguments
        switch identity {
        case .current:
            return mortal
        case .user(let uid, let gid):
            return [setpriv, "--reuid", "\(uid)", "--regid", "\(gid)", "--clear-groups"] + mortal
        case .mapped(let uid, let gid):
            return [try Programs.find("unshare"), "--user", "--map-user=\(uid)", "--map-group=\(gid)"] + mortal
        }
    }

    /// Starts the process; the second value is the end of its output to read from, for `Output.lines`.
    func launch() throws(LocalServerError) -> (pid: Int32, pipe: Int32?) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)

        var ends: [Int32] = []
        defer { if ends.count == 2 { close(ends[1]) } }
        switch output {
        case .inherit: break
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o640)
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        case .lines:
            var readEnd: Int32 = -1
            var writeEnd: Int32 = -1
            guard flotilla_pipe(&readEnd, &writeEnd) == 0 else {
                throw LocalServerError(.process, "cannot open a pipe: \(systemMessage(errno))")
            }
            ends = [readEnd, writeEnd]
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
            posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        }
        flotilla_spawn_close_from(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let line = try commandLine()
        let argv = line.map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: Int32 = 0
        let failure = posix_spawn(&pid, line[0], &actions, &attributes, argv, envp)
        guard failure == 0 else {
            if let first = ends.first { close(first) }
            throw LocalServerError(.process, "cannot start \(name): \(systemMessage(failure))")
        }
        return (pid, ends.first)
    }

    /// Reads the pipe to its end, handing over line by line; an endless line is cut at 16 KiB.
    func forwardLines(of pipe: Int32) {
        defer { close(pipe) }
        guard case .lines(let handler) = output else { return }
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(pipe, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") || pending.count >= 16 * 1024 {
                    handler(String(decoding: pending, as: UTF8.self))
                    pending.removeAll(keepingCapacity: true)
                }
                if byte != UInt8(ascii: "\n") { pending.append(byte) }
            }
        }
        if !pending.isEmpty { handler(String(decoding: pending, as: UTF8.self)) }
    }
}
