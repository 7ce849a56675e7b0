import FoundationEssentials

/// The files of this repository.
enum Repository {
    static let root: String = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/")

    /// All text files that people write, in the order of their paths.
    static let files: [SourceFile] = paths(below: "").compactMap { path in
        (try? String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)).map { SourceFile(path: path, text: $0) }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }
    static func isExecutable(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: "\(root)/\(path)") }

    private static let skipped: Set<String> = [
        ".build", ".git", ".flotilla", ".swiftpm", ".gitignore", "Package.resolved",
    ]
    private static let endings = ["swift", "md", "yaml", "yml", "sql", "sh", "conf", "c", "h", "modulemap", "json"]

    private static func paths(below folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
        return names.sorted().flatMap { name -> [String] in
            guard !skipped.contains(name) else { return [] }
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isDirectory) else {
                return []
            }
            if isDirectory { return paths(below: path) }
            let isText = path == "flotilla" || path == ".ci/run" || endings.contains { name.hasSuffix(".\($0)") }
            return isText ? [path] : []
        }
    }
}
