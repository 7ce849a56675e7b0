import Reactor
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("The reactor")
struct ReactorTests {
    @Test("isolated code runs on the reactor's thread, and only there")
    func runsOnItsThread() async {
        #expect(!Reactor.isCurrent)
        let inside = await Task { @Reactor in Reactor.isCurrent }.value
        #expect(inside)
    }

    @Test("tasks of all kinds, woken by timers, cancellation and each other, all come to their end")
    func nothingIsLost() async {
        let ended = await withTaskGroup(of: Int.self) { group in
            for number in 0..<2_000 {
                group.addTask { await Reactor.waitForTimer(.microseconds(number % 3_000)) }
                group.addTask {
                    let task = Task { @Reactor in try? await Reactor.sleep(for: .milliseconds(number % 4)) }
                    if number % 2 == 0 { task.cancel() }
                    await task.value
                    return 1
                }
                group.addTask {
                    await withTaskGroup(of: Int.self) { inner in
                        for part in 0..<3 { inner.addTask { await Reactor.waitForTimer(.microseconds(part)) } }
                        return await inner.reduce(0, +) / 3
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(ended == 6_000)
    }

    @Test("work posted by one thread keeps its order")
    func postedWorkKeepsOrder() async {
        let seen = await withCheckedContinuation { continuation in
            let seen = Recorder()
            for number in 0..<2_000 { Reactor.post { seen.values.append(number) } }
            Reactor.post { continuation.resume(returning: seen.values) }
        }
        #expect(seen == Array(0..<2_000))
    }

    @Test("timers fire in the order of their deadlines, and cancelled ones never")
    func timersFireInOrder() async {
        let order = await Task { @Reactor in
            await withCheckedContinuation { continuation in
                let seen = Recorder()
                Reactor.schedule(after: .milliseconds(30)) { continuation.resume(returning: seen.values) }
                Reactor.schedule(after: .milliseconds(20)) { seen.values.append(2) }
                Reactor.schedule(after: .milliseconds(10)) { seen.values.append(1) }
                Reactor.schedule(after: .milliseconds(15)) { seen.values.append(99) }.cancel()
            }
        }.value
        #expect(order == [1, 2])
    }

    @Test("a cancelled sleep ends at once with CancellationError")
    func cancelledSleep() async {
        let began = ContinuousClock.now
        let task = Task { @Reactor in try await Reactor.sleep(for: .seconds(60)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - began < .seconds(10))
    }

    @Test("a watch tells when a descriptor can be read, and nothing once it is cancelled")
    func watchTellsReadiness() async throws {
        var pipe: [Int32] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        let (reader, writer) = (pipe[0], pipe[1])
        defer {
            close(reader)
            close(writer)
        }
        let calls = try await Task { @Reactor in
            let calls = Recorder()
            var byte: UInt8 = 7
            let watch: Watch = try Reactor.watch(reader, read: true, write: false) { readiness in
                if readiness.contains(.read) { calls.values.append(1) }
                var byte: UInt8 = 0
                read(reader, &byte, 1)
            }
            write(writer, &byte, 1)
            try await Reactor.sleep(for: .milliseconds(20))
            watch.cancel()
            write(writer, &byte, 1)
            try await Reactor.sleep(for: .milliseconds(20))
            return calls.values
        }.value
        #expect(calls == [1])
    }

    @Test("what asked for the end of the tick runs after the jobs that were ready")
    func endOfTick() async {
        let order = await Task { @Reactor in
            await withCheckedContinuation { continuation in
                let seen = Recorder()
                Reactor.post {
                    Reactor.atTickEnd {
                        seen.values.append(2)
                        continuation.resume(returning: seen.values)
                    }
                }
                Reactor.post { seen.values.append(1) }
            }
        }.value
        #expect(order == [1, 2])
    }

    @Test("a job that never stops posting does not keep timers from firing")
    func busyJobsDoNotStarveTimers() async {
        let fired = await Task { @Reactor in
            await withCheckedContinuation { continuation in
                let state = Recorder()
                @Reactor func spin() { if state.values.isEmpty { Reactor.post { spin() } } }
                spin()
                Reactor.schedule(after: .milliseconds(10)) {
                    state.values.append(1)
                    continuation.resume(returning: true)
                }
            }
        }.value
        #expect(fired)
    }
}

extension Reactor {
    @Reactor
    fileprivate static func waitForTimer(_ delay: Duration) async -> Int {
        await withCheckedContinuation { continuation in
            Reactor.schedule(after: delay) { continuation.resume(returning: 1) }
        }
    }
}

@Reactor
private final class Recorder {
    var values: [Int] = []
    nonisolated init() {}
}
