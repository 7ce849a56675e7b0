import FoundationEssentials
import Glibc

/// Where programs of the system are.
package enum Programs {
    private static let packages = [
        "nats-server": "nats-server", "setpriv": "util-linux", "unshare": "util-linux",
        "initdb": "postgresql", "postgres": "postgresql", "psql": "postgresql-client",
    ]

    /// The path of a program from `PATH` and the usual folders, Postgres' versioned ones (newest first) included.
    package static func find(_ name: String) throws(LocalServerError) -> String {
        for folder in postgresFolders() + searchPath() {
            let path = "\(folder)/\(name)"
            if access(path, X_OK) == 0 { return path }
        }
        let package = packages[name] ?? name
        throw LocalServerError(.missingProgram, "\(name) is not installed (Debian package \(package))")
    }

    private static func searchPath() -> [String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let usual = ["/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        return path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") } + usual
    }

    private static func postgresFolders() -> [String] {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap(Int.init).sorted(by: >).map { "\(root)/\($0)/bin" }
    }
}
