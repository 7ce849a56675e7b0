import JSON

extension SchemaWalk {
    mutating func compareMembers(_ before: JSONValue, _ after: JSONValue, at pointer: String) {
        let (left, right) = (ObjectParts(before), ObjectParts(after))
        for (name, schema) in right.properties {
            let place = "\(pointer)/properties/\(name.pointerToken)"
            let isRequired = right.required.contains(name)
            guard let other = left.properties.first(where: { $0.name == name })?.schema else {
                // What was sent as a further member before has to fit now.
                let effect: SchemaChange.Effect = isRequired || left.isOpen ? .narrowed : .harmless
                note(place, isRequired ? "is new and required" : "is new", effect)
                continue
            }
            switch (left.required.contains(name), isRequired) {
            case (false, true): note(place, "is required now", .narrowed)
            case (true, false): note(place, "may be left out now", .widened)
            default: break
            }
            compare(other, schema, at: place)
        }
        for (name, _) in left.properties where !right.properties.contains(where: { $0.name == name }) {
            // An open object still takes it, but readers look for it in vain.
            note("\(pointer)/properties/\(name.pointerToken)", "is gone", right.isOpen ? .widened : .changed)
        }
        compareFurtherMembers(left.additional, right.additional, at: "\(pointer)/additionalProperties")
    }

    private mutating func compareFurtherMembers(_ before: JSONValue?, _ after: JSONValue?, at pointer: String) {
        let (left, right) = (before ?? false, after ?? false)
        switch (left.bool, right.bool) {
        case (nil, nil): compare(left, right, at: pointer)
        case (false?, false?), (true?, true?): return
        // Like a new member: readers pass over what they do not know.
        case (false?, _): note(pointer, "further members are allowed", .harmless)
        case (_, false?): note(pointer, "further members are not allowed any more", .narrowed)
        case (true?, nil): note(pointer, "further members have a schema now", .narrowed)
        case (nil, true?): note(pointer, "further members may be anything", .widened)
        }
    }

    /// Branches of a `oneOf`, told apart by the member that is constant in each.
    mutating func compareBranches(_ before: JSONValue, _ after: JSONValue, at pointer: String) {
        guard let left = before["oneOf"]?.array, let right = after["oneOf"]?.array else { return }
        let (olds, news) = (
            left.map { resolved($0, $0).0 }.map(ObjectParts.init),
            right.map { resolved($0, $0).1 }.map(ObjectParts.init)
        )
        guard let tag = ObjectParts.tag(of: olds), ObjectParts.tag(of: news) == tag else {
            return note("\(pointer)/oneOf", "told apart by another member", .changed)
        }
        for (index, parts) in news.enumerated() {
            guard let value = parts.constant(tag) else { continue }
            if let other = olds.firstIndex(where: { $0.constant(tag) == value }) {
                compare(left[other], right[index], at: "\(pointer)/oneOf/\(index)")
            } else {
                note("\(pointer)/oneOf/\(index)", "may have \(tag) \(value)", .widened)
            }
        }
        for parts in olds {
            guard let value = parts.constant(tag), !news.contains(where: { $0.constant(tag) == value }) else {
                continue
            }
            note("\(pointer)/oneOf", "no longer has \(tag) \(value)", .narrowed)
        }
    }
}

/// What an object schema says of its members.
private struct ObjectParts {
    let properties: [(name: String, schema: JSONValue)]
    let required: Set<String>
    let additional: JSONValue?

    init(_ document: JSONValue) {
        properties = document["properties"]?.object?.members.map { ($0.name, $0.value) } ?? []
        required = Set(document["required"]?.array?.compactMap(\.string) ?? [])
        additional = document["additionalProperties"]
    }

    var isOpen: Bool { additional.map { $0 != false } ?? false }

    func constant(_ name: String) -> JSONValue? {
        properties.first { $0.name == name }?.schema["const"]
    }

    static func tag(of branches: [ObjectParts]) -> String? {
        branches.first?.properties.map(\.name).first { name in branches.allSatisfy { $0.constant(name) != nil } }
    }
}
