import FoundationEssentials
import Glibc
import Synchronization

/// Real servers for tests: one Postgres cluster and one nats-server a test process, started when first asked for, stopped and
/// removed when the process ends.
///
/// A test takes a database of its own and subjects of its own. One that stops or kills a server starts its own in `directory()`.
public enum TestServers {
    private static let sharedPostgres = Once {
        var options = LocalPostgres.Options(directory: try directory() + "/postgres")
        options.isDurable = false
        options.settings["max_connections"] = "400"
        return try await LocalPostgres.start(options)
    }
    private static let sharedNATS = Once { try await LocalNATS.start(directory: try directory() + "/nats") }
    private static let counter = Atomic<Int>(0)
    private static let root = Result { () throws(LocalServerError) in try makeRoot() }

    /// The shared cluster (fsync off).
    @concurrent
    public static func postgres() async throws -> LocalPostgres { try await sharedPostgres.value() }

    /// The superuser's URL of a fresh, empty database.
    @concurrent
    public static func database() async throws -> String {
        let number = counter.add(1, ordering: .relaxed).newValue
        return try await postgres().createDatabase("test_\(number)")
    }

    /// The shared nats-server, with JetStream.
    @concurrent
    public static func nats() async throws -> LocalNATS { try await sharedNATS.value() }

    /// A fresh directory that is removed when the process ends.
    public static func directory() throws -> String {
        let path = try root.get() + "/\(counter.add(1, ordering: .relaxed).newValue)"
        try Files.makeDirectory(path)
        return path
    }

    private static func makeRoot() throws(LocalServerError) -> String {
        let parent = FileManager.default.temporaryDirectory.path
        let prefix = "flotilla-tests-"
        // Left by a test process that crashed; a live one holds the lock.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            guard let lock = try? DirectoryLock("\(parent)/\(name)") else { continue }
            try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
            lock.release()
        }
        let path = "\(parent)/\(prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try Files.makeDirectory(path)
        // Never released: the kernel does it when the process ends.
        _ = try DirectoryLock(path)
        atexit {
            ChildProcess.killAll()
            if let path = try? TestServers.root.get() { TestServers.remove(path) }
        }
        return path
    }

    /// Sessions of a killed cluster may still write for a moment.
    private static func remove(_ path: String) {
        for _ in 0..<100 {
            try? FileManager.default.removeItem(atPath: path)
            if access(path, F_OK) != 0 { return }
            usleep(20_000)
        }
    }
}

/// A value made once, by whoever asks first; all others wait for it.
private final class Once<Value: Sendable>: Sendable {
    private let make: @Sendable () async throws -> Value
    private let task = Mutex<Task<Value, any Error>?>(nil)

    init(_ make: @escaping @Sendable () async throws -> Value) { self.make = make }

    func value() async throws -> Value {
        let running = task.withLock { task in
            if let task { return task }
            let fresh = Task.detached { [make] in try await make() }
            task = fresh
            return fresh
        }
        return try await running.value
    }
}
