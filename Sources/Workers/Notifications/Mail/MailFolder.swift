import FoundationEssentials
import Worker

#if canImport(Glibc)
    import Glibc
#endif

/// The folder in which mails appear as files: whole or not at all, and each once, however often it is written.
///
/// A mail is written under a temporary name, forced to disk and renamed. Calls block.
struct MailFolder: Sendable {
    let path: String

    /// A file to be written.
    struct File: Sendable {
        /// Of the finished file; the same for each attempt.
        let name: String
        /// No two attempts at one file have the same number: the temporary name contains it.
        let attempt: Int64
        let bytes: [UInt8]
    }

    /// Writes all files; when it returns, those without an error are on disk.
    /// - Returns: for each file nil, or why it could not be written.
    func write(_ files: [File]) -> [MailFolderError?] {
        let folder: Int32
        do throws(MailFolderError) { folder = try open() } catch {
            return files.map { _ in error }
        }
        defer { close(folder) }
        // All are written before the first is forced to disk, and renamed after the last one is: what has its final name is
        // whole, whenever the power goes.
        let written = files.map { file in
            Result { () throws(MailFolderError) in try write(file, in: folder) }
        }
        let isForced = files.count >= Self.manyFiles && FileSystem.sync(folder)
        let results = zip(files, written).map { file, written in
            Result { () throws(MailFolderError) in
                if let descriptor = try written.get() { try finish(file, descriptor, in: folder, isForced: isForced) }
            }.failure
        }
        // The new names are on disk only when the folder is.
        guard fsync(folder) != 0 else { return results }
        let error = failure("forcing the folder to disk", "")
        return results.map { $0 ?? error }
    }

    /// From here on the whole file system is forced to disk at once: for 200 files that was 2.5 times as fast as one by one.
    /// For a few it would wait for what others have written.
    private static let manyFiles = 16

    private func open() throws(MailFolderError) -> Int32 {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        var folder = Glibc.open(path, flags)
        if folder < 0, errno == ENOENT {
            try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            folder = Glibc.open(path, flags)
        }
        guard folder >= 0 else { throw failure("opening the folder", "") }
        return folder
    }

    private func temporaryName(_ file: File, _ attempt: Int64) -> String { ".\(file.name).\(attempt).tmp" }

    /// - Returns: the descriptor of the temporary file; nil when the mail is there already.
    private func write(_ file: File, in folder: Int32) throws(MailFolderError) -> Int32? {
        // Left by a process that was killed in the middle of an earlier attempt.
        for attempt in max(1, file.attempt - 100)..<max(1, file.attempt) {
            unlinkat(folder, temporaryName(file, attempt), 0)
        }
        guard faccessat(folder, file.name, F_OK, 0) != 0 else { return nil }
        let descriptor = openat(
            folder, temporaryName(file, file.attempt), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("making", file.name) }
        var offset = 0
        while offset < file.bytes.count {
            let count = file.bytes.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = failure("writing", file.name)
                close(descriptor)
                unlinkat(folder, temporaryName(file, file.attempt), 0)
                throw error
            }
            offset += count
        }
        return descriptor
    }

    private func finish(_ file: File, _ descriptor: Int32, in folder: Int32, isForced: Bool) throws(MailFolderError) {
        let temporary = temporaryName(file, file.attempt)
        guard isForced || fsync(descriptor) == 0 else {
            let error = failure("forcing to disk", file.name)
            close(descriptor)
            unlinkat(folder, temporary, 0)
            throw error
        }
        close(descriptor)
        guard renameat(folder, temporary, folder, file.name) != 0 else { return }
        let error = failure("renaming", file.name)
        // A later attempt has overtaken this one and removed its temporary file: the mail is there.
        if faccessat(folder, file.name, F_OK, 0) == 0 { return }
        throw error
    }

    private func failure(_ step: String, _ name: String) -> MailFolderError {
        let reason = String(cString: strerror(errno))
        return MailFolderError(description: "mail folder \(path): \(step)\(name.isEmpty ? "" : " " + name): \(reason)")
    }
}

/// Why a mail is not in the folder, in one line.
struct MailFolderError: Error, CustomStringConvertible {
    let description: String
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
