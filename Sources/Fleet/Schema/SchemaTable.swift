import JSON

/// A schema with all that is in it and all that it refers to.
final class SchemaTable: Sendable {
    let nodes: [SchemaNode]
    let definitions: [String: JSONValue]

    init(nodes: [SchemaNode], definitions: [String: JSONValue]) {
        self.nodes = nodes
        self.definitions = definitions
    }

    subscript(index: SchemaIndex) -> SchemaNode { nodes[index] }

    /// Where a chain of references ends; the compiler has seen to it that it does.
    func resolve(_ index: SchemaIndex) -> SchemaIndex {
        var index = index
        while case .reference(let next) = nodes[index].shape { index = next }
        return index
    }
}
