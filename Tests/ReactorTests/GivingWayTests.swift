import Reactor
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("A pool whose threads give way")
struct GivingWayTests {
    @Test("has nicer threads than others, and leaves the others as they are")
    func niceness() async throws {
        let (usual, nice) = (
            BlockingPool(name: "usual", threads: 1, queueLimit: 1),
            BlockingPool(name: "nice", threads: 1, queueLimit: 1, niceness: 3)
        )
        defer {
            usual.shutdown()
            nice.shutdown()
        }
        let current = { @Sendable in getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let before = try await usual.run(current)
        #expect(try await nice.run(current) == min(19, before + 3))
        #expect(try await usual.run(current) == before)
    }
}
