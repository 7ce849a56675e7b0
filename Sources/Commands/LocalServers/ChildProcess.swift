import Glibc
import Synchronization

/// A child process in a process group of its own that dies with this process, even when this one is killed.
///
/// Each child has a thread that starts it, forwards its output and waits for it. The kernel sends the parent-death signal
/// when the *thread* that forked ends, so a thread of a pool, which may retire at any time, must not be that thread.
package final class ChildProcess: Sendable {
    private struct State {
        var status: ExitStatus?
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
    }

    private struct Waiter {
        let continuation: CheckedContinuation<ExitStatus?, Never>
        let alarm: Task<Void, Never>
        func resume(_ status: ExitStatus?) {
            alarm.cancel()
            continuation.resume(returning: status)
        }
    }

    package let pid: Int32
    private let state = Mutex(State())

    private static let living = Mutex([Int32: ChildProcess]())

    private let lastSignal: Int32

    private init(pid: Int32, lastSignal: Int32) {
        self.pid = pid
        self.lastSignal = lastSignal
    }

    /// Starts a process; returns when it runs (a failing `exec` behind a wrapper shows as its exit).
    @concurrent
    package static func spawn(_ command: Command) async throws(LocalServerError) -> ChildProcess {
        let result: Result<ChildProcess, LocalServerError> = await withCheckedContinuation { continuation in
            do throws(LocalServerError) {
                try ThreadOfItsOwn.start {
                    do throws(LocalServerError) {
                        let (pid, pipe) = try command.launch()
                        let child = ChildProcess(pid: pid, lastSignal: command.lastSignal)
                        living.withLock { $0[pid] = child }
                        continuation.resume(returning: .success(child))
                        if let pipe { command.forwardLines(of: pipe) }
                        child.reap()
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    /// Runs a program to its end and returns what it wrote.
    ///
    /// - Throws: When it cannot be started or takes longer than `limit` (it is killed then).
    @concurrent
    package static func run(
        _ command: Command, limit: Duration = .seconds(30)
    ) async throws(LocalServerError) -> (status: ExitStatus, output: [String]) {
        let lines = LineBox()
        var command = command
        command.output = .lines { lines.append($0) }
        let child = try await spawn(command)
        guard let status = await child.exit(within: limit) else {
            child.signal(SIGKILL)
            guard !Task.isCancelled else { throw LocalServerError(.cancelled, "\(command.name) was given up") }
            _ = await child.exit(within: .seconds(5))
            throw LocalServerError(.timeout, "\(command.name) took longer than \(limit)", logTail: lines.all)
        }
        return (status, lines.all)
    }

    /// How it ended; nil while it runs.
    package var status: ExitStatus? { state.withLock { $0.status } }
    package var isRunning: Bool { status == nil }

    /// Sends a signal, to nobody when the process has ended: a reused pid is never hit.
    package func signal(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { _ = kill(pid, number) }
        }
    }

    /// Waits for the end, at most for `limit`; nil when it still runs then or the task is cancelled.
    @concurrent
    package func exit(within limit: Duration) async -> ExitStatus? {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: ExitStatus?? = state.withLock { state in
                    if let status = state.status { return .some(status) }
                    if Task.isCancelled { return .some(nil) }
                    let alarm = Task {
                        try? await Task.sleep(for: limit)
                        self.release(id)
                    }
                    state.waiters[id] = Waiter(continuation: continuation, alarm: alarm)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            release(id)
        }
    }

    /// Waits for the end as long as it takes; nil when the task is cancelled.
    package func exit() async -> ExitStatus? { await exit(within: .seconds(1 << 30)) }

    /// Sends `first`, waits up to `limit`, then kills.
    @concurrent @discardableResult
    package func terminate(with first: Int32 = SIGTERM, within limit: Duration) async -> ExitStatus? {
        signal(first)
        if let status = await exit(within: limit) { return status }
        signal(SIGKILL)
        return await exit(within: .seconds(5))
    }

    /// Ends every child at once and waits for them, blocking, a few seconds at most; for the last moments of a process.
    package static func killAll() {
        let children = living.withLock { Array($0.values) }
        for child in children { child.signal(child.lastSignal) }
        for round in 1...1000 where children.contains(where: \.isRunning) {
            if round == 600 { for child in children { child.signal(SIGKILL) } }
            usleep(5000)
        }
    }

    private func release(_ id: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(nil)
    }

    private func reap() {
        // Waits without reaping first, so that the pid stays ours until `status` says that it is gone.
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let waiters = state.withLock { state in
            var word: Int32 = 0
            while waitpid(pid, &word, 0) < 0, errno == EINTR {}
            state.status = ExitStatus(waitStatus: word)
            defer { state.waiters.removeAll() }
            return Array(state.waiters.values)
        }
        Self.living.withLock { _ = $0.removeValue(forKey: pid) }
        let status = status
        for waiter in waiters { waiter.resume(status) }
    }
}

/// Lines that another thread appends.
final class LineBox: Sendable {
    private let lines = Mutex([String]())
    var all: [String] { lines.withLock { $0 } }
    func append(_ line: String) { lines.withLock { if $0.count < 10_000 { $0.append(line) } } }
}
