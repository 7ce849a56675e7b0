import JSON

/// Makes a table of a document and the definitions that it uses. Definitions are compiled once each, after what refers
/// to them, so that they may refer to themselves.
struct SchemaCompiler {
    private static let mostSuggestions = 8

    let definitions: [String: JSONValue]
    var nodes: [SchemaNode] = []
    var faults: [SchemaFaults.Fault] = []
    /// Where each node stands.
    private var pointers: [String] = []
    /// The nodes of the definitions that have been referred to.
    private var used: [String: SchemaIndex] = [:]
    private var open: [String] = []
    /// Faults of the schema that is being read, without those of the schemas within it.
    private var ownFaults = 0
    /// What can be joined only when all nodes are there.
    private var unions: [(index: SchemaIndex, branches: [SchemaIndex])] = []

    init(definitions: [String: JSONValue]) {
        self.definitions = definitions
    }

    mutating func compile(_ document: JSONValue) throws(SchemaFaults) -> (SchemaTable, SchemaIndex) {
        let root = add(document, at: "")
        while let name = open.popLast() {
            guard let index = used[name], let definition = definitions[name] else { continue }
            fill(index, definition, at: pointers[index])
        }
        breakCircles()
        for union in unions { join(union.index, union.branches) }
        let table = SchemaTable(nodes: nodes, definitions: definitions)
        for index in nodes.indices { checkOwnValues(index, table) }
        guard faults.isEmpty else { throw SchemaFaults(faults: faults) }
        return (table, root)
    }

    mutating func refuse(_ pointer: String, _ message: String) {
        faults.append(SchemaFaults.Fault(pointer: pointer, message: message))
        ownFaults += 1
    }

    /// Completes what is said of a wrong name. Looking for the right one costs more than all else that is done with it,
    /// so only the first faults get that help.
    func suggestion(for name: String, among names: some Sequence<String>) -> String {
        guard faults.count < Self.mostSuggestions, let nearest = Suggestion.nearest(to: name, among: names) else {
            return ""
        }
        return "; did you mean \"\(nearest)\"?"
    }

    func pointer(_ index: SchemaIndex) -> String { pointers[index] }

    /// A new node for the document, and for all within it.
    mutating func add(_ document: JSONValue, at pointer: String) -> SchemaIndex {
        let index = reserve(at: pointer)
        fill(index, document, at: pointer)
        return index
    }

    /// The node of a definition, which is compiled later.
    mutating func use(_ name: String) -> SchemaIndex {
        if let index = used[name] { return index }
        let index = reserve(at: "/schemas/" + name.pointerToken)
        used[name] = index
        open.append(name)
        return index
    }

    mutating func joinLater(_ index: SchemaIndex, _ branches: [SchemaIndex]) {
        unions.append((index, branches))
    }

    private mutating func reserve(at pointer: String) -> SchemaIndex {
        nodes.append(SchemaNode(document: .null, shape: .any))
        pointers.append(pointer)
        return nodes.count - 1
    }

    /// A node with a fault takes any value, so that one fault does not bring others with it.
    private mutating func fill(_ index: SchemaIndex, _ document: JSONValue, at pointer: String) {
        let outer = ownFaults
        ownFaults = 0
        defer { ownFaults = outer }
        let keywords = KeywordReader(document, at: pointer, &self)
        let shape = shape(keywords, index)
        let choice = choice(keywords)
        let isSound = ownFaults == 0
        nodes[index] = SchemaNode(document: document, shape: isSound ? shape : .any, choice: isSound ? choice : nil)
        guard !isSound else { return }
        unions.removeAll { $0.index == index }
    }
}
