import FoundationEssentials
import Glibc

/// Says that this process owns a directory; given back by `release`, or by the kernel when the process ends.
package final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of a directory, which must exist.
    ///
    /// - Throws: When another living process holds it; the message names the process.
    package init(_ directory: String) throws(LocalServerError) {
        let path = "\(directory)/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LocalServerError(.directory, "cannot open \(path): \(systemMessage(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let holder = (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
                Int32($0.prefix { $0 != "\n" })
            }
            let who = holder.map { "process \($0)" } ?? "another process"
            throw LocalServerError(.directory, "\(directory) is in use by \(who)")
        }
        ftruncate(descriptor, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
        self.descriptor = descriptor
    }

    /// At most once.
    package func release() {
        // Not only closed: a child that is just being started has a copy of the descriptor until its exec.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
