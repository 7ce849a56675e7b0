import Foundation
import Glibc
import LocalServers

/// A worker as a process of its own on the servers of a ``TestFleet``, so that it can be killed.
package struct WorkerProcess: Sendable {
    private let child: ChildProcess

    /// The executable beside the test bundle.
    package static var executable: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "flotilla").path
    }

    /// Starts it; it is ready some time later.
    ///
    /// - Parameters:
    ///   - number: of the instance, from 1.
    ///   - own: settings, as `flotilla worker` takes them from its environment.
    package static func start(
        _ worker: String, _ number: Int = 1, of fleet: TestFleet, environment own: [String: String] = [:]
    ) async throws -> WorkerProcess {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("FLOTILLA_") }
        environment.merge(try fleet.environment(of: worker, number)) { $1 }
        environment.merge(own) { $1 }
        environment["LOG_LEVEL"] = environment["LOG_LEVEL"] ?? "error"
        return WorkerProcess(
            child: try await ChildProcess.spawn(.init(executable, ["worker", worker], environment: environment)))
    }

    /// As `kill -9` does it; returns when the process is gone.
    package func kill() async {
        child.signal(SIGKILL)
        _ = await child.exit()
    }

    /// Lets it drain; kills it when that takes long.
    package func stop() async {
        _ = await child.terminate(within: .seconds(10))
    }
}
