import Glibc
import LocalServers
import Synchronization
import Testing

@Suite("A child process")
struct ChildProcessTests {
    private func shell(_ script: String, output: ChildProcess.Output = .inherit) -> ChildProcess.Command {
        .init("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], output: output)
    }

    @Test("its output comes line by line, the last one without line end too")
    func lines() async throws {
        let (status, output) = try await ChildProcess.run(shell("echo one; echo two >&2; printf three; exit 3"))
        #expect(output == ["one", "two", "three"])
        #expect(status == .exited(3))
    }

    @Test("it runs in a process group of its own, with default signals and no descriptors of ours")
    func surroundings() async throws {
        let (_, output) = try await ChildProcess.run(shell("ls /proc/self/fd | wc -l; ps -o pgid= -p $$; echo $$"))
        // 0, 1, 2 and the one that ls opens to read the folder.
        #expect(output.first?.filter(\.isNumber) == "4")
        #expect(output[1].filter(\.isNumber) == output[2])
    }

    @Test("one that ignores SIGTERM is killed after the limit")
    func stubborn() async throws {
        let ready = Mutex(false)
        let child = try await ChildProcess.spawn(
            shell(
                "trap '' TERM; echo ready; while :; do sleep 1; done",
                output: .lines { _ in ready.withLock { $0 = true } }))
        try await TestServers.eventually { ready.withLock { $0 } }
        #expect(await child.terminate(within: .milliseconds(50)) == .signaled(SIGKILL))
        child.signal(SIGTERM)
        #expect(await child.exit(within: .zero) == .signaled(SIGKILL))
    }

    @Test("waiting for one that runs on ends with the limit, and at once when the task is cancelled")
    func waiting() async throws {
        let child = try await ChildProcess.spawn(shell("exec sleep 60"))
        #expect(await child.exit(within: .milliseconds(1)) == nil)
        let waiting = Task { await child.exit() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        #expect(child.isRunning)
        #expect(await child.terminate(within: .seconds(5)) == .signaled(SIGTERM))
    }

    @Test("it dies when its parent is killed")
    func parentDeath() async throws {
        // The parent's parent reads the grandchild's pid, then kills the parent.
        let grandchild = Mutex<Int32>(0)
        let setpriv = try Programs.find("setpriv")
        let parent = try await ChildProcess.spawn(
            shell(
                "\(setpriv) --pdeathsig KILL sleep 60 & echo $!; wait",
                output: .lines { line in grandchild.withLock { $0 = Int32(line) ?? 0 } }))
        try await TestServers.eventually { grandchild.withLock { $0 } != 0 }
        let pid = grandchild.withLock { $0 }
        try await TestServers.eventually { Files.text("/proc/\(pid)/comm") == "sleep\n" }
        await parent.terminate(with: SIGKILL, within: .seconds(5))
        try await TestServers.eventually { Files.text("/proc/\(pid)/stat")?.contains(") Z ") ?? true }
    }

    @Test("a missing program is named with its Debian package")
    func missingProgram() {
        let error = #expect(throws: LocalServerError.self) { try Programs.find("no-such-program") }
        #expect(error?.description == "no-such-program is not installed (Debian package no-such-program)")
    }

    @Test("a directory is owned by one at a time")
    func directoryLock() throws {
        let directory = try TestServers.directory()
        let lock = try DirectoryLock(directory)
        #expect(throws: LocalServerError.self) { try DirectoryLock(directory) }
        lock.release()
        try DirectoryLock(directory).release()
    }

    @Test("paths are made absolute without dots")
    func absolutePaths() {
        #expect(Files.absolute("/a/./b/../c") == "/a/c")
        #expect(Files.absolute("x").hasSuffix("/x"))
    }
}
