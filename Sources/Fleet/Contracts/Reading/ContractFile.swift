import JSON
import Yams

/// One file while it is being read: collects the problems and remembers where everything stands.
final class ContractFile {
    let name: String
    private(set) var problems: [ContractProblem] = []
    /// Where in the list of the file the endpoints stand that could be read.
    var endpointIndices: [Int] = []
    /// What `#/schemas/…` refers to.
    var definitions: [String: JSONValue] = [:]
    private var marks: [String: Mark] = [:]

    init(name: String) {
        self.name = name
    }

    /// Where a path stands, or the nearest of its parents.
    func place(_ path: String) -> Place {
        var path = path[...]
        while marks[String(path)] == nil, let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) {
            path = path[..<end]
        }
        let mark = marks[String(path)] ?? marks[""]
        return Place(file: name, line: mark?.line, column: mark?.column)
    }

    func remember(_ path: String, _ mark: Mark?) {
        marks[path] = mark
    }

    func fail(_ path: String, _ mark: Mark?, _ message: String) {
        problems.append(.init(file: name, line: mark?.line, column: mark?.column, path: path, message: message))
    }

    /// The parsed text, or nil after noting why there is none.
    func compose(_ text: String) -> Entry? {
        do {
            // The basic resolver guesses no types: every scalar stays the text that it is.
            guard let node = try Yams.compose(yaml: text, .basic) else {
                fail("", nil, "the file is empty")
                return nil
            }
            return Entry(node: node, path: "", file: self)
        } catch let error as YamlError {
            note(error)
        } catch {
            fail("", nil, "cannot be read as YAML")
        }
        return nil
    }

    private func note(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            fail("", mark, "no YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context):
            fail("", context.mark, "the key \(names.first?.echo ?? "") appears twice")
        case .reader(let problem, _, _, _):
            fail("", nil, "no YAML: \(problem)")
        default:
            fail("", nil, "cannot be read as YAML")
        }
    }
}
