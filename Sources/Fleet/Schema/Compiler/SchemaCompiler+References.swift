import JSON

extension SchemaCompiler {
    private static let prefix = "#/schemas/"

    mutating func reference(_ keywords: KeywordReader) -> SchemaShape {
        guard let text = keywords.text(.reference, &self) else { return .any }
        guard text.hasPrefix(Self.prefix) else {
            refuse(keywords.pointer(.reference), "expected \(Self.prefix) and a name, got \(text.echo)")
            return .any
        }
        let name = String(text.dropFirst(Self.prefix.count))
        guard definitions[name] != nil else {
            let suggestion = suggestion(for: name, among: definitions.keys)
            refuse(keywords.pointer(.reference), "there is no schema \(name.echo)\(suggestion)")
            return .any
        }
        return .reference(use(name))
    }

    /// References that lead to nothing but themselves would be followed for ever.
    mutating func breakCircles() {
        for start in nodes.indices {
            var seen: Set<SchemaIndex> = [start]
            var place = start
            while case .reference(let next) = nodes[place].shape {
                if seen.insert(next).inserted {
                    place = next
                } else {
                    refuse("\(pointer(place))/$ref", "refers to itself by way of references only")
                    nodes[place].shape = .any
                }
            }
        }
    }

    mutating func union(_ keywords: KeywordReader, _ index: SchemaIndex) -> SchemaShape {
        guard let documents = keywords.array(.oneOf, of: "schemas", &self) else { return .any }
        if documents.isEmpty { refuse(keywords.pointer(.oneOf), "expected at least one schema") }
        var branches: [SchemaIndex] = []
        for (place, document) in documents.enumerated() {
            branches.append(add(document, at: "\(keywords.pointer(.oneOf))/\(place)"))
        }
        joinLater(index, branches)
        return .any
    }

    /// Finds the member that tells the branches apart.
    mutating func join(_ index: SchemaIndex, _ branches: [SchemaIndex]) {
        var shapes: [ObjectShape] = []
        for branch in branches {
            let target = resolve(branch)
            if case .object(let shape) = nodes[target].shape, nodes[target].choice == nil {
                shapes.append(shape)
            } else if !faults.contains(where: { isWithin($0.pointer, branch) || isWithin($0.pointer, target) }) {
                refuse(pointer(branch), "expected a schema of type object")
            }
        }
        guard shapes.count == branches.count, let first = shapes.first else { return }
        for property in first.properties {
            let tags = shapes.compactMap { constant(of: property.name, in: $0) }
            guard tags.count == shapes.count else { continue }
            let areDistinct = tags.indices.allSatisfy { place in !tags[..<place].contains { $0.isSame(as: tags[place]) }
            }
            guard areDistinct else { continue }
            let joined = zip(tags, shapes).map { UnionShape.Branch(tag: $0, shape: $1) }
            nodes[index].shape = .union(UnionShape(tag: property.name, branches: joined))
            return
        }
        refuse(
            "\(pointer(index))/oneOf",
            "expected objects told apart by one required member that is another const in each of them")
    }

    private func constant(of name: ExactText, in shape: ObjectShape) -> JSONValue? {
        guard let property = shape.properties.first(where: { $0.name == name }), property.isRequired,
            case .constant(let value) = nodes[resolve(property.schema)].choice
        else { return nil }
        return value
    }

    private func resolve(_ index: SchemaIndex) -> SchemaIndex {
        var index = index
        while case .reference(let next) = nodes[index].shape { index = next }
        return index
    }

    private func isWithin(_ fault: String, _ index: SchemaIndex) -> Bool {
        fault == pointer(index) || fault.hasPrefix(pointer(index) + "/")
    }
}
