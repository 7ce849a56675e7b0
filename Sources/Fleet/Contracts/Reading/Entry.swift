import JSON
import Yams

/// A node of a file, with its path for messages. Readers note what is wrong and return nil.
struct Entry {
    let node: Node
    let path: String
    let file: ContractFile

    init(node: Node, path: String, file: ContractFile) {
        self.node = node
        self.path = path
        self.file = file
        file.remember(path, node.mark)
    }

    func fail(_ message: String) {
        file.fail(path, node.mark, message)
    }

    func refuse(_ expected: String) {
        fail("expected \(expected), got \(found)")
    }

    /// What is there, in a few words.
    private var found: String {
        switch node {
        case .scalar: text?.echo ?? "nothing"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// The scalar, if there is one and it is not empty.
    private var text: String? {
        guard case .scalar(let scalar) = node else { return nil }
        let isNull = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
        return isNull ? nil : scalar.string
    }

    var isMapping: Bool {
        if case .mapping = node { true } else { false }
    }

    func isWord(_ word: String) -> Bool {
        text == word
    }

    /// Whatever the body makes of the text.
    func read<T>(_ expected: String, _ body: (String) -> T?) -> T? {
        if let text, let value = body(text) { return value }
        refuse(expected)
        return nil
    }

    func string(_ expected: String, where isValid: (String) -> Bool) -> String? {
        read(expected) { isValid($0) ? $0 : nil }
    }

    /// A sentence for people.
    func prose() -> String? {
        read("a text of at most 1000 characters") { text in
            let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return 1...1000 ~= trimmed.count ? trimmed : nil
        }
    }

    func integer(_ range: ClosedRange<Int>) -> Int? {
        read("an integer from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func bool() -> Bool? {
        read("true or false") { $0 == "true" ? true : $0 == "false" ? false : nil }
    }

    func choice<E: RawRepresentable<String> & CaseIterable>(_ type: E.Type) -> E? {
        read("one of \(E.allCases.map(\.rawValue).joined(separator: ", "))") { E(rawValue: $0) }
    }

    func duration(_ range: ClosedRange<Duration>) -> Duration? {
        let limits = "from \(Units.text(range.lowerBound)) to \(Units.text(range.upperBound))"
        return read("a duration such as 500ms, 30s, 10m, 12h or 7d, \(limits)") { text in
            Units.duration(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func bytes(_ range: ClosedRange<Int>) -> Int? {
        read("a size such as 500, 64KiB or 1MiB, from \(range.lowerBound) to \(range.upperBound) bytes") { text in
            Units.bytes(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func list(_ expected: String) -> [Entry]? {
        guard case .sequence(let nodes) = node else {
            refuse(expected)
            return nil
        }
        return nodes.enumerated().map { Entry(node: $1, path: "\(path)[\($0)]", file: file) }
    }

    /// The members of a mapping whose keys are names.
    func pairs(_ expected: String) -> [(key: String, keyMark: Mark?, value: Entry)]? {
        guard case .mapping(let mapping) = node else {
            refuse(expected)
            return nil
        }
        return mapping.compactMap { key, value in
            guard case .scalar(let scalar) = key else {
                file.fail(path, key.mark, "expected a name as key, got something else")
                return nil
            }
            let inner = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
            return (scalar.string, key.mark, Entry(node: value, path: inner, file: file))
        }
    }
}
