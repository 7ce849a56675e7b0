import JSON

extension SchemaCompiler {
    /// The values that a schema itself holds must fit it.
    mutating func checkOwnValues(_ index: SchemaIndex, _ table: SchemaTable) {
        let node = table[index]
        let document = node.document
        let pointer = pointer(index)
        // By the shape alone: a constant always is what `const` says.
        if case .texts(let texts) = node.choice {
            for (place, text) in texts.enumerated() {
                note("\(pointer)/enum/\(place)") { table.check(.string(text.text), node.shape, &$0) }
            }
        }
        if case .constant(let value) = node.choice {
            note("\(pointer)/const") { table.check(value, node.shape, &$0) }
        }
        if let value = document["default"] {
            note("\(pointer)/default") { table.check(value, index, &$0) }
        }
        for (place, value) in (document["examples"]?.array ?? []).enumerated() {
            note("\(pointer)/examples/\(place)") { table.check(value, index, &$0) }
        }
    }

    private mutating func note(_ pointer: String, _ check: (inout Findings) -> Void) {
        var findings = Findings()
        check(&findings)
        for error in findings.error?.errors ?? [] { refuse(pointer + error.pointer, error.message) }
    }
}
