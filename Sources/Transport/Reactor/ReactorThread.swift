import CLinux
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The thread behind ``Reactor``: epoll, an eventfd to wake it, timers, and the queue of ready jobs.
///
/// It is the serial executor of `@Reactor`; ``ReactorTaskExecutor`` is the way in for tasks that prefer it. The thread starts
/// with the executor's first use and lives as long as the process.
///
/// A tick: poll (sleeping until the next timer when nothing is ready), hand out readiness, fire due timers, take what
/// other threads posted, run what was ready at that moment, then what asked for the end of the tick. Jobs that become
/// ready meanwhile wait for the next tick, so a busy handler cannot keep sockets and timers from being looked at.
///
/// `@unchecked Sendable`: `inbox` is behind its mutex; `epoll`, `wakeup` and `thread` are set before the thread starts or
/// by it alone; all else is touched on the thread only, which `isCurrent` guards in `enqueue`.
public final class ReactorThread: SerialExecutor, @unchecked Sendable {
    private let epoll: Int32
    private let wakeup: Int32
    private let thread = Atomic<UInt>(0)
    private let inbox = Mutex(WorkQueue())
    private var ready = WorkQueue()
    private var tickEnd: [@Reactor () -> Void] = []
    private let timers = TimerQueue()
    private var watches: [Int32: Watch] = [:]
    private var nextGeneration: UInt32 = 1
    private var events: UnsafeMutablePointer<flotilla_event>

    private static let wakeupTag: UInt64 = .max

    private enum Operation: Int32 {
        case add = 0
        case modify = 1
        case remove = 2
    }

    init() {
        epoll = flotilla_epoll_create()
        wakeup = flotilla_eventfd()
        events = .allocate(capacity: Int(FLOTILLA_EVENTS_AT_ONCE))
        // Without these two descriptors the process can do nothing at all: there is nothing to report to.
        precondition(epoll >= 0 && wakeup >= 0, "the reactor cannot poll: \(String(cString: strerror(errno)))")
        _ = flotilla_epoll_control(epoll, Operation.add.rawValue, wakeup, UInt32(FLOTILLA_READ), Self.wakeupTag)
        var handle = pthread_t()
        // Retained for the life of the process: the thread never ends.
        let argument = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ReactorThread>.fromOpaque(argument).takeUnretainedValue().run()
                return nil
            }, argument)
        precondition(status == 0, "the reactor's thread cannot start: \(String(cString: strerror(status)))")
    }

    // MARK: - Executor

    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent { ready.append(.job(job)) } else { postRemotely(.job(job)) }
    }

    func enqueuePreferring(_ job: UnownedJob) {
        if isCurrent { ready.append(.preferringJob(job)) } else { postRemotely(.preferringJob(job)) }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    public func checkIsolated() {
        precondition(isCurrent, "code of the reactor was called on another thread")
    }

    public func isIsolatingCurrentContext() -> Bool? { isCurrent }

    func post(_ work: @escaping @Sendable @Reactor () -> Void) {
        if isCurrent { ready.append(.closure(work)) } else { postRemotely(.closure(work)) }
    }

    private func postRemotely(_ work: WorkQueue.Work) {
        let wasEmpty = inbox.withLock { queue in
            let wasEmpty = queue.isEmpty
            queue.append(work)
            return wasEmpty
        }
        // Whoever finds the queue empty wakes the thread; those behind it ride along.
        guard wasEmpty else { return }
        var one: UInt64 = 1
        while write(wakeup, &one, 8) < 0, errno == EINTR {}
    }

    // MARK: - What code on the reactor asks for

    @Reactor
    func watch(
        _ descriptor: Int32, read: Bool, write: Bool, _ handler: @escaping @Reactor (Readiness) -> Void
    ) throws(ReactorError) -> Watch {
        let watch = Watch(
            descriptor: descriptor, generation: nextGeneration, read: read, write: write, handler: handler)
        nextGeneration &+= 1
        guard control(.add, watch) == 0 else { throw ReactorError(call: "epoll_ctl", code: errno) }
        watches[descriptor] = watch
        return watch
    }

    @Reactor
    func modify(_ watch: Watch) {
        _ = control(.modify, watch)
    }

    @Reactor
    func remove(_ watch: Watch) {
        guard let current = watches[watch.descriptor], current === watch else { return }
        watches[watch.descriptor] = nil
        // Fails harmlessly when the descriptor was closed first: closing removes it from epoll.
        _ = control(.remove, watch)
    }

    @Reactor
    private func control(_ operation: Operation, _ watch: Watch) -> Int32 {
        var interest: UInt32 = 0
        if watch.wantsRead { interest |= UInt32(FLOTILLA_READ) }
        if watch.wantsWrite { interest |= UInt32(FLOTILLA_WRITE) }
        let tag = UInt64(watch.generation) << 32 | UInt64(UInt32(bitPattern: watch.descriptor))
        return flotilla_epoll_control(epoll, operation.rawValue, watch.descriptor, interest, tag)
    }

    @Reactor
    func schedule(after delay: Duration, _ body: @escaping @Reactor () -> Void) -> ReactorTimer {
        let (seconds, attoseconds) = delay.components
        let nanoseconds = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let wait = nanoseconds.overflow ? UInt64.max / 2 : nanoseconds.partialValue
        let fraction = UInt64(clamping: attoseconds / 1_000_000_000)
        return timers.add(deadline: Self.now() &+ wait &+ fraction, body)
    }

    @Reactor
    func atTickEnd(_ body: @escaping @Reactor () -> Void) {
        tickEnd.append(body)
    }

    // MARK: - The loop

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        flotilla_name_thread("reactor")
        while true {
            Reactor.assumeIsolated { tick() }
        }
    }

    @Reactor
    private func tick() {
        poll()
        while let timer = timers.popDue(at: Self.now()) { timer.fire() }
        takePosted()
        let serial = asUnownedSerialExecutor()
        let preferred = Reactor.taskExecutor.asUnownedTaskExecutor()
        for _ in 0..<ready.count {
            switch ready.popFirst() {
            case .job(let job): job.runSynchronously(on: serial)
            case .preferringJob(let job): job.runSynchronously(isolatedTo: serial, taskExecutor: preferred)
            case .closure(let closure): closure()
            case nil: break
            }
        }
        while !tickEnd.isEmpty {
            let bodies = tickEnd
            tickEnd.removeAll(keepingCapacity: true)
            for body in bodies { body() }
        }
    }

    @Reactor
    private func poll() {
        let count = flotilla_epoll_wait(epoll, events, pollTimeout_ms())
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let event = events[index]
            if event.tag == Self.wakeupTag {
                var value: UInt64 = 0
                _ = read(wakeup, &value, 8)
                continue
            }
            let descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: event.tag))
            guard let watch = watches[descriptor], watch.generation == UInt32(event.tag >> 32) else { continue }
            watch.handler(Readiness(rawValue: UInt8(truncatingIfNeeded: event.readiness)))
        }
    }

    /// Milliseconds until the next timer, rounded up so that a timer is due when the poll returns; -1 = no timer.
    @Reactor
    private func pollTimeout_ms() -> Int32 {
        guard ready.isEmpty else { return 0 }
        guard let deadline = timers.nextDeadline else { return -1 }
        let now = Self.now()
        guard deadline > now else { return 0 }
        return Int32(clamping: (deadline - now + 999_999) / 1_000_000)
    }

    @Reactor
    private func takePosted() {
        inbox.withLock { queue in
            while let work = queue.popFirst() { ready.append(work) }
        }
    }
}
