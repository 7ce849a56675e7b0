import Glibc

/// A text file of the repository, seen as lines, with and without what is not code.
struct SourceFile: Sendable {
    /// Relative to the repository, such as `Sources/Fleet/JSON/JSONParser.swift`.
    let path: String
    let lines: [Substring]
    /// The same lines with the insides of comments and string literals blanked.
    let code: [Substring]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code =
            path.hasSuffix(".swift")
            ? Blanking.blank(text).split(separator: "\n", omittingEmptySubsequences: false) : lines
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    /// `["Sources", "Fleet", "JSON", "JSONParser.swift"]`
    var folders: [Substring] { path.split(separator: "/") }
    /// `Fleet`, for files below Sources.
    var floor: Substring? { folders.first == "Sources" && folders.count > 2 ? folders[1] : nil }
    /// `JSON`, for files below Sources.
    var room: Substring? { folders.first == "Sources" && folders.count > 3 ? folders[2] : nil }

    /// The modules that it imports.
    var imports: [(line: Int, module: String)] {
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?(\w+)/
        return numbered(code, with: "import ").compactMap { number, line in
            line.firstMatch(of: pattern).map { (number, String($0.1)) }
        }
    }

    /// The lines that contain one of the texts: a cheap look before a dear one.
    func numbered(_ lines: [Substring], with texts: String...) -> [(Int, Substring)] {
        lines.enumerated().compactMap { index, line in
            let isCandidate = line.withCString { line in texts.contains { strstr(line, $0) != nil } }
            return isCandidate ? (index + 1, line) : nil
        }
    }

    /// Whether a comment stands on the line or on the lines right above it.
    func hasComment(besideLine number: Int) -> Bool {
        func trimmed(_ index: Int) -> Substring { lines[index].drop { $0 == " " } }
        if lines[number - 1].contains("//") { return true }
        var index = number - 2
        while index >= 0, trimmed(index).hasPrefix("@") { index -= 1 }
        return index >= 0 && trimmed(index).hasPrefix("//")
    }
}
