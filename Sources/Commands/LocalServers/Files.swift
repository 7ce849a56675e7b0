import FoundationEssentials
package import Glibc

/// Small file helpers with errors that name the file.
package enum Files {
    /// Makes a directory and those above it; existing ones stay as they are.
    package static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws(LocalServerError) {
        var info = stat()
        if stat(path, &info) == 0 {
            guard info.st_mode & S_IFMT == S_IFDIR else {
                throw LocalServerError(.directory, "\(path) is not a directory")
            }
            return
        }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectory(String(path[..<slash])) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("create", path) }
    }

    /// The text of a file; nil when it is missing or unreadable.
    package static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    /// Writes beside the file, then renames: readers see the old text or the new one, and a crash leaves one of them.
    package static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(LocalServerError) {
        let beside = "\(path).\(getpid()).new"
        unlink(beside)
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0, rename(beside, path) == 0 else { throw failure("write", path) }
    }

    /// Starts a log afresh when it has grown beyond 8 MiB; the old one stays as `.1`.
    package static func rotate(_ path: String) {
        var info = stat()
        if stat(path, &info) == 0, info.st_size > 8 << 20 { rename(path, path + ".1") }
    }

    /// In bytes; 0 when it is missing.
    package static func size(_ path: String) -> Int {
        var info = stat()
        return stat(path, &info) == 0 ? Int(info.st_size) : 0
    }

    /// The last lines of a file, of what stands behind byte `from` only.
    package static func lastLines(_ path: String, _ count: Int = 8, from: Int = 0) -> [String] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = size(path)
        let start = max(size - 16_384, min(from, size))
        var buffer = [UInt8](repeating: 0, count: size - start)
        let read = pread(descriptor, &buffer, buffer.count, off_t(start))
        return String(decoding: buffer.prefix(max(read, 0)), as: UTF8.self).split(separator: "\n").suffix(count).map(
            String.init)
    }

    package static func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func failure(_ verb: String, _ path: String) -> LocalServerError {
        LocalServerError(.directory, "cannot \(verb) \(path): \(systemMessage(errno))")
    }
}
