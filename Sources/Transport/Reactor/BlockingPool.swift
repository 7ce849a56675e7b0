import CLinux
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A small, bounded pool of threads for work that blocks or computes for long (password hashing, C calls that wait),
/// so that it runs neither on the reactor nor on Swift's cooperative threads.
///
/// `@unchecked Sendable`: `jobs` and `isShutDown` are only touched while `mutex` is held.
public final class BlockingPool: @unchecked Sendable {
    /// The queue is at its bound: the caller should answer that it is overloaded.
    public struct Full: Error, CustomStringConvertible {
        public let description: String
    }

    private let name: String
    private let queueLimit: Int
    private let niceness: Int32
    private var jobs: [() -> Void] = []
    private var isShutDown = false
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// - Parameters:
    ///   - name: what the threads are called, 15 bytes at most are shown.
    ///   - threads: how many calls run side by side.
    ///   - queueLimit: how many calls may wait beyond those that run.
    ///   - niceness: by how much the threads give way to all others, 0 to 19; for what computes for long.
    public init(name: String, threads: Int, queueLimit: Int, niceness: Int32 = 0) {
        self.name = name
        self.queueLimit = queueLimit
        self.niceness = niceness
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        for _ in 0..<max(1, threads) {
            var handle = pthread_t()
            // The thread holds the pool until `shutdown`, so the memory it locks cannot go away under it.
            let argument = Unmanaged.passRetained(self).toOpaque()
            let status = pthread_create(
                &handle, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<BlockingPool>.fromOpaque(argument).takeRetainedValue().work()
                    return nil
                }, argument)
            if status == 0 { pthread_detach(handle) } else { Unmanaged<BlockingPool>.fromOpaque(argument).release() }
        }
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` on a thread of the pool and returns its result.
    /// - Throws: what `body` throws, or ``Full`` at once when the queue is at its bound or the pool has been shut down.
    public func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = submit { continuation.resume(with: Result(catching: body)) }
            if !accepted {
                continuation.resume(
                    throwing: Full(description: "\(name): \(queueLimit) calls are waiting already, or it is shut down"))
            }
        }
    }

    /// Ends the threads after the calls already queued.
    public func shutdown() {
        pthread_mutex_lock(mutex)
        isShutDown = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    private func submit(_ job: @escaping () -> Void) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isShutDown, jobs.count < queueLimit else { return false }
        jobs.append(job)
        pthread_cond_signal(condition)
        return true
    }

    private func work() {
        flotilla_name_thread(name)
        if niceness > 0 { flotilla_give_way(niceness) }
        while let job = next() { job() }
    }

    private func next() -> (() -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while jobs.isEmpty {
            if isShutDown { return nil }
            pthread_cond_wait(condition, mutex)
        }
        return jobs.removeFirst()
    }
}
