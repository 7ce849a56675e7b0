/// The one thread of a process that polls sockets and runs everything that touches them.
///
/// What is isolated to `@Reactor` runs on the thread that reads the sockets: NATS, Postgres and the handlers between
/// them call each other without a lock, a hop or a copy. A process has one reactor; more cores are more processes.
/// Work that blocks or computes for long belongs on a ``BlockingPool``.
@globalActor
public actor Reactor {
    public static let shared = Reactor()

    /// The executor behind ``shared``.
    public nonisolated static let executor = ReactorThread()

    /// The preference of tasks that live on the reactor.
    public nonisolated static let taskExecutor = ReactorTaskExecutor()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { Self.executor.asUnownedSerialExecutor() }

    public nonisolated static var sharedUnownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Whether the caller runs on the reactor's thread.
    public nonisolated static var isCurrent: Bool { executor.isCurrent }

    /// Runs `work` on the reactor in one of its next ticks; work posted by one thread keeps its order. Any thread may call.
    public nonisolated static func post(_ work: @escaping @Sendable @Reactor () -> Void) {
        executor.post(work)
    }

    /// Runs `body` now, from code that is on the reactor's thread but that the compiler cannot see there (C callbacks).
    ///
    /// Traps when called from another thread: that is a programming error, like `MainActor.assumeIsolated`.
    public nonisolated static func assumeIsolated<T: Sendable>(_ body: @Reactor () throws -> T) rethrows -> T {
        executor.checkIsolated()
        return try withoutActuallyEscaping(body) { escapable in
            // Sound for the reason `MainActor.assumeIsolated` is: isolation is no part of a synchronous function's ABI,
            // and the check above has shown that this is the actor's thread.
            try unsafe unsafeBitCast(escapable, to: (() throws -> T).self)()
        }
    }

    /// Watches a file descriptor, level-triggered, until the returned ``Watch`` is cancelled.
    ///
    /// The descriptor stays the caller's: cancel the watch before closing it.
    /// - Throws: ``ReactorError`` with the system's reason when the descriptor cannot be polled.
    @Reactor
    public static func watch(
        _ descriptor: Int32, read: Bool, write: Bool, _ handler: @escaping @Reactor (Readiness) -> Void
    ) throws(ReactorError) -> Watch {
        try executor.watch(descriptor, read: read, write: write, handler)
    }

    /// Runs `body` once after `delay`, up to a millisecond late, unless the returned timer is cancelled first.
    @Reactor
    @discardableResult
    public static func schedule(after delay: Duration, _ body: @escaping @Reactor () -> Void) -> ReactorTimer {
        executor.schedule(after: delay, body)
    }

    /// Runs `body` once at the end of this tick, after the jobs that are ready: the place to write what has gathered.
    @Reactor
    public static func atTickEnd(_ body: @escaping @Reactor () -> Void) {
        executor.atTickEnd(body)
    }

    /// Starts a task that lives on the reactor, here and now: it runs until it first has to wait before this returns.
    ///
    /// For work that comes from a socket or a timer and so from no task. Whoever starts it bounds how many there are, and
    /// waits for them when draining.
    @Reactor
    @discardableResult
    public static func start(_ body: @escaping @Reactor @Sendable () async -> Void) -> Task<Void, Never> {
        Task.immediate(executorPreference: taskExecutor) { @Reactor in await body() }
    }

    /// Suspends for `duration`. Throws `CancellationError` as soon as the task is cancelled.
    @Reactor
    public static func sleep(for duration: Duration) async throws(CancellationError) {
        let sleeper = Sleeper()
        await withTaskCancellationHandler {
            await sleeper.wait(for: duration)
        } onCancel: {
            post { sleeper.wake() }
        }
        if Task.isCancelled { throw CancellationError() }
    }
}
