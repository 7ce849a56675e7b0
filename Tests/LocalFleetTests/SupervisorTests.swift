import Glibc
import LocalFleet
import LocalServers
import Synchronization
import Testing

@Suite("The supervisor", .timeLimit(.minutes(1)))
struct SupervisorTests {
    /// Every change of every member that the supervisor reports.
    private final class Journal: Sendable {
        private let entries = Mutex([[MemberStatus]]())
        private let (stream, continuation) = AsyncStream.makeStream(of: [MemberStatus].self)
        func note(_ members: [MemberStatus]) {
            entries.withLock { $0.append(members) }
            continuation.yield(members)
        }
        /// Waits until the condition holds.
        func first(where condition: ([MemberStatus]) -> Bool) async -> [MemberStatus]? {
            for await members in stream where condition(members) { return members }
            return nil
        }
    }

    private func shell(_ name: String, _ stage: Stage = .worker, _ script: String) -> Member {
        .child(name, stage, .init("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"]))
    }

    private func console(_ path: String) throws -> (Console, () -> String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        return (Console(width: 8, descriptor: descriptor, isColoured: false), { Files.text(path) ?? "" })
    }

    @Test("members start at once, and their output carries their name")
    func output() async throws {
        let (console, text) = try console(try TestServers.directory() + "/out")
        let journal = Journal()
        let supervisor = Supervisor(console: console) { journal.note($0) }
        await supervisor.add([
            shell("orders.1", .worker, "echo hello; exec sleep 60"),
            shell("ingress", .ingress, "echo hi; exec sleep 60"),
        ])
        _ = await journal.first { $0.allSatisfy { $0.pid != nil } }
        try await TestServers.eventually {
            text().contains("orders.1 | hello\n") && text().contains("ingress  | hi\n")
        }
        #expect(await supervisor.members.map(\.lastLine) == ["hello", "hi"])
        await supervisor.stop()
        #expect(await supervisor.members.allSatisfy { $0.pid == nil })
    }

    @Test("a killed member comes back under another pid, the others stay")
    func restart() async throws {
        let journal = Journal()
        let (console, text) = try console(try TestServers.directory() + "/out")
        let supervisor = Supervisor(console: console) { journal.note($0) }
        await supervisor.add([shell("a", .worker, "exec sleep 60"), shell("b", .worker, "exec sleep 60")])
        let before = try #require(await journal.first { $0.allSatisfy { $0.pid != nil } })
        let victim = try #require(before[0].pid)
        kill(victim, SIGKILL)
        let after = try #require(await journal.first { $0[0].pid != nil && $0[0].pid != victim })
        #expect(after[1].pid == before[1].pid)
        #expect(after[0].restarts == 1)
        #expect(after[0].failures == 1)
        #expect(after[0].lastEnd == "killed (SIGKILL)")
        #expect(text().contains("a        | -- killed (SIGKILL); starting again in "))
        await supervisor.stop()
    }

    @Test("one that cannot be started or keeps ending is tried again and again, and its failures are counted")
    func failing() async throws {
        let journal = Journal()
        var backoff = Backoff()
        backoff.base = .milliseconds(1)
        let (console, _) = try console("/dev/null")
        let supervisor = Supervisor(console: console, backoff: backoff) { journal.note($0) }
        await supervisor.add([
            shell("broken", .worker, "echo no such thing; exit 78"),
            Member(name: "missing", stage: .worker) { _ in
                _ = try Programs.find("no-such-program"); throw CancellationError()
            },
        ])
        let members = try #require(await journal.first { $0.allSatisfy { $0.failures >= 5 } })
        #expect(members[0].lastEnd == "exit code 78")
        #expect(await supervisor.members[0].lastLine == "no such thing")
        #expect(members[1].lastEnd?.hasPrefix("cannot be started: no-such-program is not installed") == true)
        await supervisor.stop()
    }

    @Test("a stop goes stage by stage and kills who does not listen, nobody is started again")
    func stopOrder() async throws {
        let directory = try TestServers.directory()
        let (console, _) = try console("/dev/null")
        let journal = Journal()
        let supervisor = Supervisor(console: console) { journal.note($0) }
        func member(_ name: String, _ stage: Stage) -> Member {
            shell(
                name, stage,
                "trap 'echo \(name) >> \(directory)/order; exit 0' TERM; touch \(directory)/\(name); while :; do sleep 0.01; done"
            )
        }
        await supervisor.add([
            member("database", .database), member("broker", .broker), member("simulator", .simulator),
            member("worker", .worker), member("ingress", .ingress),
        ])
        for name in ["database", "broker", "simulator", "worker", "ingress"] {
            try await TestServers.eventually { access("\(directory)/\(name)", F_OK) == 0 }
        }
        await supervisor.stop()
        #expect(Files.text("\(directory)/order") == "ingress\nworker\nsimulator\nbroker\ndatabase\n")
        await supervisor.add([member("late", .worker)])
        #expect(await supervisor.members.count == 5)
        await supervisor.stop()
    }

    @Test("a member that waits for its restart does not hold up a stop")
    func stopWhileWaiting() async throws {
        var backoff = Backoff()
        backoff.base = .seconds(600)
        backoff.maximum = .seconds(600)
        let journal = Journal()
        let (console, _) = try console("/dev/null")
        let supervisor = Supervisor(console: console, backoff: backoff) { journal.note($0) }
        await supervisor.add([shell("a", .worker, "exit 1")])
        _ = await journal.first { $0[0].failures == 1 }
        await supervisor.stop()
        #expect(await supervisor.members[0].pid == nil)
    }

    @Test("nats-server and Postgres are started again on their ports")
    func servers() async throws {
        let nats = try await LocalNATS.start(directory: try TestServers.directory())
        var options = LocalPostgres.Options(directory: try TestServers.directory())
        options.isDurable = false
        let postgres = try await LocalPostgres.start(options)
        let journal = Journal()
        let (console, _) = try console("/dev/null")
        let supervisor = Supervisor(console: console) { journal.note($0) }
        await supervisor.add([.nats(nats), .postgres(postgres)])
        _ = await journal.first { $0.allSatisfy { $0.pid != nil } }
        nats.signal(SIGKILL)
        postgres.signal(SIGKILL)
        _ = await journal.first { $0.allSatisfy { $0.restarts == 1 && $0.pid != nil } }
        #expect(Ports.greeting(nats.port)?.hasPrefix("INFO") == true)
        #expect(try await postgres.sql("SELECT 1") == ["1"])
        await supervisor.stop()
        #expect(!nats.isRunning && !postgres.isRunning)
    }
}
