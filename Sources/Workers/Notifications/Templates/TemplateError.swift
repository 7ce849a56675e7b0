/// What is wrong with the templates, in one line that begins with the file.
public struct TemplateError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ file: String, line: Int? = nil, _ message: String) {
        description = "\(file)\(line.map { ":\($0)" } ?? ""): \(message)"
    }
}
