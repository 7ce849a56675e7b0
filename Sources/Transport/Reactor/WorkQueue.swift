/// Jobs of the Swift runtime and posted closures, first in, first out: a ring that grows and keeps its memory.
struct WorkQueue {
    enum Work {
        /// Of a task without a preference: it must run on the serial executor alone. Run with both it would give up its
        /// turn at every call of an async function (Swift 6.3.1).
        case job(UnownedJob)
        /// Of a task that prefers ``ReactorTaskExecutor``.
        case preferringJob(UnownedJob)
        case closure(@Sendable @Reactor () -> Void)
    }

    private var ring: [Work?] = Array(repeating: nil, count: 256)
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ work: Work) {
        if count == ring.count { grow() }
        ring[(head + count) & (ring.count - 1)] = work
        count += 1
    }

    mutating func popFirst() -> Work? {
        guard count > 0 else { return nil }
        let work = ring[head]
        ring[head] = nil
        head = (head + 1) & (ring.count - 1)
        count -= 1
        return work
    }

    private mutating func grow() {
        var larger: [Work?] = []
        larger.reserveCapacity(ring.count * 2)
        for offset in 0..<count { larger.append(ring[(head + offset) & (ring.count - 1)]) }
        larger.append(contentsOf: repeatElement(nil, count: ring.count * 2 - count))
        ring = larger
        head = 0
    }
}
