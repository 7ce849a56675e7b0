import FoundationEssentials
import Glibc
package import LocalServers

/// The folder of one fleet (`.flotilla`): data, secrets, mail and `fleet.json`. One process owns it at a time.
package final class FleetDirectory: Sendable {
    package let path: String
    private let lock: DirectoryLock

    package var nats: String { "\(path)/nats" }
    package var postgres: String { "\(path)/postgres" }
    package var secrets: String { "\(path)/secrets" }
    package var mail: String { "\(path)/mail" }
    package var stripe: String { "\(path)/stripe" }
    package var fleetFile: String { "\(path)/fleet.json" }

    /// Opens the folder, made when missing.
    ///
    /// - Throws: When a fleet runs in it, or when it holds other things: `--fresh` must never delete what is not ours.
    package init(_ path: String) throws(LocalServerError) {
        let path = Files.absolute(path)
        self.path = path
        let mark = "\(path)/.fleet"
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard entries.allSatisfy({ $0 == "lock" }) || entries.contains(".fleet") else {
            throw LocalServerError(.directory, "\(path) holds other things; choose an empty or new folder with --dir")
        }
        try Files.makeDirectory(path)
        do throws(LocalServerError) {
            lock = try DirectoryLock(path)
        } catch {
            throw LocalServerError(error.code, "a fleet runs there already: \(error.message)")
        }
        if access(mark, F_OK) != 0 { try Files.write("The data of a flotilla fleet.\n", to: mark) }
        // Left by a process that was killed: what it says is no longer true.
        unlink(fleetFile)
    }

    /// Deletes all data of the fleet; the folder itself stays, and stays locked.
    package func clear() throws(LocalServerError) {
        for name in ["nats", "postgres", "secrets", "mail", "stripe"] {
            let old = "\(path)/\(name)"
            guard access(old, F_OK) == 0 else { continue }
            // Renamed first: a server that is just dying may still write into the old folder.
            let aside = "\(path)/.old-\(name)-\(getpid())"
            guard rename(old, aside) == 0 else {
                throw LocalServerError(.directory, "cannot delete \(old): \(systemMessage(errno))")
            }
            do { try FileManager.default.removeItem(atPath: aside) } catch {
                throw LocalServerError(.directory, "cannot delete \(aside): \(error)")
            }
        }
    }

    package func release() {
        unlink(fleetFile)
        lock.release()
    }
}
