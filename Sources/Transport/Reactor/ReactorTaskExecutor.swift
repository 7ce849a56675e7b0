/// Keeps a task on the reactor's thread: with it as their preference, tasks are resumed there directly.
///
/// Without a preference Swift 6.3.1 resumes every continuation on the global pool first, from where the task hops back: two
/// hand-overs between threads for each answer from a socket. Measured on prepared reads: 34 to 38 µs of CPU without, 21 to
/// 23 µs with the preference.
public final class ReactorTaskExecutor: TaskExecutor {
    public func enqueue(_ job: consuming ExecutorJob) {
        Reactor.executor.enqueuePreferring(UnownedJob(job))
    }

    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
}
