import LocalServers
import Synchronization

/// Keeps the members of a fleet running: starts them all at once, starts again whoever ends, stops them stage by stage.
package actor Supervisor {
    private struct Entry {
        let member: Member
        var status: MemberStatus
        var running: Member.Running?
        var loop: Task<Void, Never>?
        var stop: Task<Void, Never>?
    }

    private let console: Console
    private let onChange: @Sendable ([MemberStatus]) -> Void
    private let backoff: Backoff
    private let clock = ContinuousClock()
    private var entries: [String: Entry] = [:]
    private var order: [String] = []
    private var isStopping = false
    private let lastLines = LastLines()

    /// - Parameter onChange: Called after every start and end of a member, in order; it must not block.
    package init(
        console: Console, backoff: Backoff = Backoff(),
        onChange: @escaping @Sendable ([MemberStatus]) -> Void = { _ in }
    ) {
        self.console = console
        self.backoff = backoff
        self.onChange = onChange
    }

    /// Starts members, all at once, and keeps them running until `stop`. A name that is known already is ignored.
    package func add(_ members: [Member]) {
        guard !isStopping else { return }
        for member in members where entries[member.name] == nil {
            order.append(member.name)
            entries[member.name] = Entry(
                member: member, status: MemberStatus(name: member.name, stage: member.stage))
            // Unstructured: it lives as long as the supervisor, which ends and awaits it in `stop`.
            entries[member.name]?.loop = Task { await self.keepRunning(member) }
        }
    }

    package var members: [MemberStatus] {
        order.compactMap { name in
            guard var status = entries[name]?.status else { return nil }
            status.lastLine = lastLines.of(name)
            return status
        }
    }

    /// Stops all members, stage after stage, the members of a stage at once. May be called again: it waits for the same end.
    package func stop() async {
        isStopping = true
        for stage in Stage.allCases {
            let stops = order.compactMap { name -> Task<Void, Never>? in
                guard let entry = entries[name], entry.member.stage == stage else { return nil }
                if let stop = entry.stop { return stop }
                let stop = Task { await self.end(name) }
                entries[name]?.stop = stop
                return stop
            }
            for stop in stops { await stop.value }
        }
    }

    private func end(_ name: String) async {
        guard let entry = entries[name] else { return }
        if let running = entry.running {
            await running.stop(entry.member.stage.stopLimit)
        } else {
            entry.loop?.cancel()
        }
        await entry.loop?.value
    }

    private func keepRunning(_ member: Member) async {
        var backoff = backoff
        while !isStopping, !Task.isCancelled {
            let began = clock.now
            let status = await runOnce(member)
            guard !isStopping, !Task.isCancelled else { return }
            let delay = backoff.delay(after: clock.now - began, isPlanned: status == .exited(0))
            entries[member.name]?.status.failures = backoff.failures
            changed()
            let lastEnd = entries[member.name]?.status.lastEnd ?? "ended"
            let when = delay == .zero ? "now" : "in \(delay.rounded)"
            console.write(member.name, "\(lastEnd); starting again \(when)", isNotice: true)
            try? await Task.sleep(for: delay)
            entries[member.name]?.status.restarts += 1
        }
    }

    /// Nil when it could not be started.
    private func runOnce(_ member: Member) async -> ExitStatus? {
        let name = member.name
        let running: Member.Running
        do {
            running = try await member.launch { [console, lastLines] line in
                lastLines.note(name, line)
                console.write(name, line)
            }
        } catch {
            entries[name]?.status.lastEnd = "cannot be started: \(error)"
            return nil
        }
        entries[name]?.running = running
        entries[name]?.status.pid = running.pid
        changed()
        if isStopping { await running.stop(member.stage.stopLimit) }
        let status = await running.exit()
        entries[name]?.running = nil
        entries[name]?.status.pid = nil
        entries[name]?.status.lastEnd = status?.description
        changed()
        return status
    }

    private func changed() {
        if !isStopping { onChange(members) }
    }
}

/// The last line of each member; written by the threads that read their output.
private final class LastLines: Sendable {
    private let lines = Mutex([String: String]())
    func note(_ name: String, _ line: String) { lines.withLock { $0[name] = line } }
    func of(_ name: String) -> String? { lines.withLock { $0[name] } }
}

extension Duration {
    /// Seconds with one digit, such as `1.3 s`; milliseconds below one second.
    package var rounded: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        return milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }
}
