import JSON
import Schema
import Yams

extension ContractFile {
    /// The schemas under `schemas`, before anything that may refer to them is read.
    func readDefinitions(_ entry: Entry) -> [SchemaDefinition] {
        let pairs = entry.pairs("a mapping from names to schemas") ?? []
        let documents = pairs.compactMap { name, mark, value -> (String, Entry, SchemaText)? in
            guard Grammar.isTypeName(name) else {
                fail(value.path, mark, "expected a name such as OrderItem")
                return nil
            }
            return (name, value, SchemaText(value))
        }
        definitions = Dictionary(documents.map { ($0.0, $0.2.document) }) { first, _ in first }
        return documents.compactMap { name, entry, text in
            compile(text, text.document, at: entry).map { SchemaDefinition(name: name, schema: $0) }
        }
    }

    /// A schema anywhere else in the file.
    /// - Parameter completing: what is made of its document before it is compiled.
    func readSchema(_ entry: Entry, completing: (JSONValue) -> JSONValue = { $0 }) -> JSONSchema? {
        let text = SchemaText(entry)
        return compile(text, completing(text.document), at: entry)
    }

    /// What an endpoint takes that declares nothing.
    static let emptyRequest = try? JSONSchema(.object(JSONObject([.init(name: "type", value: "object")])))

    private func compile(_ text: SchemaText, _ document: JSONValue, at entry: Entry) -> JSONSchema? {
        do throws(SchemaFaults) {
            return try JSONSchema(document, definitions: definitions)
        } catch {
            // Those of a definition are told where it stands.
            for fault in error.faults where !fault.pointer.hasPrefix("/schemas/") {
                fail(entry.path + fault.pointer, text.mark(fault.pointer) ?? entry.node.mark, fault.message)
            }
            return nil
        }
    }
}

/// A schema as it stands in a file: its JSON, and where each part is.
private struct SchemaText {
    private(set) var document = JSONValue.null
    private var marks: [String: Mark] = [:]

    init(_ entry: Entry) {
        document = value(entry.node, at: "")
    }

    /// Where a pointer stands, or the nearest of its parents.
    func mark(_ pointer: String) -> Mark? {
        var pointer = pointer[...]
        while true {
            if let mark = marks[String(pointer)] { return mark }
            guard let slash = pointer.lastIndex(of: "/") else { return nil }
            pointer = pointer[..<slash]
        }
    }

    private mutating func value(_ node: Node, at pointer: String) -> JSONValue {
        marks[pointer] = node.mark
        switch node {
        case .scalar(let scalar): return Self.value(of: scalar)
        case .sequence(let nodes):
            return .array(nodes.enumerated().map { value($1, at: "\(pointer)/\($0)") })
        case .mapping(let mapping):
            return .object(
                JSONObject(
                    mapping.compactMap { key, node in
                        guard case .scalar(let name) = key else { return nil }
                        let token = name.string.replacing("~", with: "~0").replacing("/", with: "~1")
                        return .init(name: name.string, value: value(node, at: "\(pointer)/\(token)"))
                    }))
        case .alias: return .null
        }
    }

    /// By the core schema of YAML 1.2; what is quoted is a text.
    private static func value(of scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null": return .null
        case "true": return true
        case "false": return false
        default: return JSONNumber(text: scalar.string).map { .number($0) } ?? .string(scalar.string)
        }
    }
}
