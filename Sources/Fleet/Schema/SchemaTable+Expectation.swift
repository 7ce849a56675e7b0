import JSON

extension SchemaTable {
    /// Completes "expected …".
    func expectation(_ index: SchemaIndex) -> String {
        let node = nodes[resolve(index)]
        return node.choice?.expectation ?? expectation(node.shape)
    }

    /// The same without what `enum` and `const` say.
    func expectation(_ shape: SchemaShape) -> String {
        switch shape {
        case .any: AnyRule().expectation
        case .boolean: BoolRule().expectation
        case .string(let shape): shape.expectation
        case .number(let shape): shape.expectation
        case .array(let shape): expectation(shape)
        case .object, .union: "an object"
        case .reference(let index): expectation(index)
        }
    }

    private func expectation(_ shape: ArrayShape) -> String {
        let elements = shape.items.map { holdsObjects($0) ? "objects" : "values" }
        return switch (shape.fewest, shape.most) {
        case (0, nil): elements.map { "an array of \($0)" } ?? "an array"
        case (let fewest, nil): "an array of at least \(fewest) \(elements ?? "values")"
        case (let fewest, let most?): "an array of \(fewest) to \(most) \(elements ?? "values")"
        }
    }

    private func holdsObjects(_ index: SchemaIndex) -> Bool {
        switch nodes[resolve(index)].shape {
        case .object, .union: true
        default: false
        }
    }
}
