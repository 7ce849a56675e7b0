import JSON

extension SchemaTable {
    /// Notes what keeps the value from fitting.
    func check(_ value: JSONValue, _ index: SchemaIndex, _ findings: inout Findings) {
        let index = resolve(index)
        if let choice = nodes[index].choice, !choice.contains(value) {
            return findings.refuse("expected \(choice.expectation), got \(value.echo)")
        }
        check(value, nodes[index].shape, &findings)
    }

    /// The same without what `enum` and `const` say.
    func check(_ value: JSONValue, _ shape: SchemaShape, _ findings: inout Findings) {
        switch shape {
        case .any: break
        case .boolean:
            if case .bool = value { return }
            refuse(value, shape, &findings)
        case .string(let rule):
            guard case .string(let text) = value else { return refuse(value, shape, &findings) }
            if let message = rule.refusal(of: text) { findings.refuse(message) }
        case .number(let rule):
            guard case .number(let number) = value else { return refuse(value, shape, &findings) }
            if let message = rule.refusal(of: number) { findings.refuse(message) }
        case .array(let rule): check(value, rule, &findings)
        case .object(let rule):
            guard case .object(let object) = value else { return refuse(value, shape, &findings) }
            check(object, rule, &findings)
        case .union(let union): check(value, union, &findings)
        case .reference(let index): check(value, index, &findings)
        }
    }

    private func refuse(_ value: JSONValue, _ shape: SchemaShape, _ findings: inout Findings) {
        findings.refuse("expected \(expectation(shape)), got \(value.echo)")
    }

    /// Elements beyond the allowed count are not looked at.
    private func check(_ value: JSONValue, _ shape: ArrayShape, _ findings: inout Findings) {
        guard case .array(let elements) = value else { return refuse(value, .array(shape), &findings) }
        guard elements.count >= shape.fewest, elements.count <= shape.most ?? .max else {
            return findings.refuse("expected \(expectation(.array(shape))), got \(elements.count)")
        }
        guard let items = shape.items else { return }
        for index in elements.indices {
            let mark = findings.mark
            check(elements[index], items, &findings)
            findings.move(since: mark, under: "/\(index)")
        }
    }

    private func check(_ object: JSONObject, _ shape: ObjectShape, _ findings: inout Findings) {
        let unknown = withUnsafeTemporaryAllocation(of: Int.self, capacity: shape.properties.count) { places in
            let unknown = shape.find(object, in: places)
            for (property, place) in zip(shape.properties, places) {
                if place >= 0 {
                    check(object.members[place].value, property.schema, at: property.name.text, &findings)
                } else if property.isRequired {
                    findings.refuse("is missing; expected \(expectation(property.schema))", at: property.name.text)
                }
            }
            return unknown
        }
        if unknown > 0 { checkAdditional(object, shape, &findings) }
    }

    private func check(_ value: JSONValue, _ index: SchemaIndex, at name: String, _ findings: inout Findings) {
        let mark = findings.mark
        check(value, index, &findings)
        findings.move(since: mark, under: "/" + name.pointerToken)
    }

    private func checkAdditional(_ object: JSONObject, _ shape: ObjectShape, _ findings: inout Findings) {
        if case .allowed = shape.additional { return }
        for member in object.members where shape.index(of: member.name, hint: 0) == nil {
            switch shape.additional {
            case .refused: findings.noteUnknown(member.name)
            case .allowed: break
            case .schema(let index): check(member.value, index, at: member.name, &findings)
            }
        }
    }

    private func check(_ value: JSONValue, _ union: UnionShape, _ findings: inout Findings) {
        guard case .object(let object) = value else { return refuse(value, .union(union), &findings) }
        guard let tag = object[union.tag.text] else {
            return findings.refuse("is missing; expected \(union.expectation)", at: union.tag.text)
        }
        guard let branch = union.branches.first(where: { $0.tag.isSame(as: tag) }) else {
            return findings.refuse("expected \(union.expectation), got \(tag.echo)", at: union.tag.text)
        }
        check(object, branch.shape, &findings)
    }
}
