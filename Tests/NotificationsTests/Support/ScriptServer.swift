import Foundation
import LocalServers

/// A server of a script beside the tests, a process of its own; its first argument is the file that it writes its port to.
enum ScriptServer {
    /// - Parameter arguments: those after the first one.
    static func run(_ script: String, _ arguments: [String], _ body: (Int) async throws -> Void) async throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: script).path
        let portFile = "\(try TestServers.directory())/port"
        let process = try await ChildProcess.spawn(
            ChildProcess.Command("/usr/bin/python3", [path, portFile] + arguments))
        do { try await body(try await port(in: portFile, of: process)) } catch {
            await process.terminate(with: SIGKILL, within: .seconds(5))
            throw error
        }
        await process.terminate(with: SIGKILL, within: .seconds(5))
    }

    private static func port(in path: String, of process: ChildProcess) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(15)
        while ContinuousClock.now < deadline, process.isRunning {
            if let text = try? String(contentsOfFile: path, encoding: .utf8), let port = Int(text) { return port }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw LocalServerError(.process, "the script's server does not listen")
    }
}
