import FoundationEssentials

/// The folder that holds `subjects/`, `migrations/` and `docker/`.
package enum Home {
    /// `FLOTILLA_HOME`, else the nearest folder above the current one, else above the executable, that has them.
    package static func find() throws(LocalServerError) -> String {
        if let given = ProcessInfo.processInfo.environment["FLOTILLA_HOME"], !given.isEmpty {
            let path = Files.absolute(given)
            guard isHome(path) else {
                throw LocalServerError(.directory, "FLOTILLA_HOME is \(path), but \(path)/\(mark) does not exist")
            }
            return path
        }
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        for start in [FileManager.default.currentDirectoryPath, executable] {
            var parts = start.split(separator: "/")
            while !parts.isEmpty {
                let path = "/" + parts.joined(separator: "/")
                if isHome(path) { return path }
                parts.removeLast()
            }
        }
        throw LocalServerError(.directory, "cannot find \(mark): run inside the repository or set FLOTILLA_HOME")
    }

    private static let mark = "docker/nats/nats.conf"
    private static func isHome(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(mark)") }
}
