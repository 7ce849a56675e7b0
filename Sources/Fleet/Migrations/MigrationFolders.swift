import FoundationEssentials

/// The migrations folder as it is on disk, checked: `<worker>/NNNN_name.sql` and `runtime/NNNN_name.sql`.
struct MigrationFolders: Sendable {
    /// Applied to every schema before the worker's own.
    let runtime: [Migration]
    let workers: [String: [Migration]]

    static let runtimeFolder = "runtime"

    init(directory: String) throws(MigrationError) {
        var runtime: [Migration] = []
        var workers: [String: [Migration]] = [:]
        for folder in try Self.list(directory).sorted() where !folder.hasPrefix(".") {
            let path = directory + "/" + folder
            guard Self.isDirectory(path) else { continue }
            let migrations = try Self.read(path, folder: folder)
            if folder == Self.runtimeFolder {
                runtime = migrations
            } else {
                guard Self.isWorkerName(folder) else {
                    throw MigrationError(
                        file: folder,
                        "a worker's folder is named like its schema: a lower-case letter, then letters, digits and underscores"
                    )
                }
                workers[folder] = migrations
            }
        }
        guard !workers.isEmpty else {
            throw MigrationError("\(directory) holds no worker's folder")
        }
        self.runtime = runtime
        self.workers = workers
    }

    /// What has to be applied to the schema of `worker`, in order.
    func migrations(for worker: String) -> [Migration] {
        runtime + (workers[worker] ?? [])
    }

    /// Numbers run from 1 without a gap, so that a file lost in a merge is noticed.
    static func check(_ migrations: [Migration]) throws(MigrationError) {
        var previous: Migration?
        for migration in migrations {
            let expected = (previous?.number ?? 0) + 1
            if let previous, previous.number == migration.number {
                throw MigrationError(file: migration.name, "has the same number as \(previous.name)")
            }
            guard migration.number == expected else {
                let digits = String(expected)
                let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                throw MigrationError(file: migration.name, "number \(padded) is missing before it")
            }
            previous = migration
        }
    }

    private static func read(_ path: String, folder: String) throws(MigrationError) -> [Migration] {
        var migrations: [Migration] = []
        for file in try list(path).sorted() where file.hasSuffix(".sql") {
            guard let contents = FileManager.default.contents(atPath: path + "/" + file) else {
                throw MigrationError(file: "\(folder)/\(file)", "cannot be read")
            }
            migrations.append(try Migration(folder: folder, file: file, contents: Array(contents)))
        }
        try check(migrations)
        return migrations
    }

    private static func list(_ path: String) throws(MigrationError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw MigrationError("cannot read the folder \(path)")
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }

    /// Leaves room for the suffix of the owner role within Postgres' 63 bytes.
    private static func isWorkerName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 50 else { return false }
        return first >= UInt8(ascii: "a") && first <= UInt8(ascii: "z") && name.utf8.allSatisfy(Migration.isNameByte)
    }
}
