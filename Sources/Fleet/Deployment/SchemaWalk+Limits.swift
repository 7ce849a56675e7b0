import JSON

extension SchemaWalk {
    /// What `enum` and `const` leave.
    mutating func compareChoices(_ before: JSONValue, _ after: JSONValue, at pointer: String) {
        switch (before.choices, after.choices) {
        case (nil, nil): return
        case (nil, let values?): note(pointer, "only \(Self.list(values)) now", .narrowed)
        case (let values?, nil): note(pointer, "any value, was one of \(Self.list(values))", .widened)
        case (let before?, let after?):
            let gone = before.filter { !after.contains($0) }
            let added = after.filter { !before.contains($0) }
            if !gone.isEmpty { note(pointer, "no longer \(Self.list(gone))", .narrowed) }
            if !added.isEmpty { note(pointer, "may be \(Self.list(added))", .widened) }
        }
    }

    private static func list(_ values: [JSONValue]) -> String {
        values.map { $0.string ?? $0.description }.joined(separator: ", ")
    }

    mutating func compareLimits(_ before: JSONValue, _ after: JSONValue, at pointer: String) {
        for key in ["minLength", "minItems"] {
            compare(
                key, before[key]?.number ?? JSONNumber(0), after[key]?.number ?? JSONNumber(0), isLower: true, pointer)
        }
        for key in ["minimum", "exclusiveMinimum"] {
            compare(key, before[key]?.number, after[key]?.number, isLower: true, pointer)
        }
        for key in ["maximum", "maxLength", "maxItems"] {
            compare(key, before[key]?.number, after[key]?.number, isLower: false, pointer)
        }
        compareSteps(before["multipleOf"]?.number, after["multipleOf"]?.number, at: pointer)
        for key in ["format", "pattern"] {
            switch (before[key]?.string, after[key]?.string) {
            case (let before, let after) where before == after: break
            case (nil, let text?): note(pointer, "\(key) \(text), was none", .narrowed)
            case (let text?, nil): note(pointer, "no \(key), was \(text)", .widened)
            case (let before, let after): note(pointer, "\(key) \(after ?? ""), was \(before ?? "")", .changed)
            }
        }
    }

    private mutating func compare(
        _ key: String, _ before: JSONNumber?, _ after: JSONNumber?, isLower: Bool, _ pointer: String
    ) {
        switch (before, after) {
        case (nil, nil): return
        case (nil, let limit?): note(pointer, "\(key) \(limit), was none", .narrowed)
        case (let limit?, nil): note(pointer, "no \(key), was \(limit)", .widened)
        case (let before?, let after?):
            guard let isLess = after.isLess(than: before) else { return }
            note(pointer, "\(key) \(after), was \(before)", isLess == isLower ? .widened : .narrowed)
        }
    }

    private mutating func compareSteps(_ before: JSONNumber?, _ after: JSONNumber?, at pointer: String) {
        switch (before, after) {
        case (nil, nil): return
        case (nil, let step?): note(pointer, "multipleOf \(step), was none", .narrowed)
        case (let step?, nil): note(pointer, "no multipleOf, was \(step)", .widened)
        case (let before?, let after?):
            guard before.isLess(than: after) != nil else { return }
            let effect: SchemaChange.Effect =
                before.isMultiple(of: after) ? .widened : after.isMultiple(of: before) ? .narrowed : .changed
            note(pointer, "multipleOf \(after), was \(before)", effect)
        }
    }
}

extension JSONValue {
    fileprivate var choices: [JSONValue]? { self["const"].map { [$0] } ?? self["enum"]?.array }
}

extension JSONNumber {
    /// Limits of contracts have few digits.
    private static let places = 9

    /// Nil when they are equal.
    fileprivate func isLess(than other: JSONNumber) -> Bool? {
        if let one = decimal(scale: Self.places), let two = other.decimal(scale: Self.places) {
            return one == two ? nil : one < two
        }
        let (one, two) = (double ?? 0, other.double ?? 0)
        return one == two ? nil : one < two
    }

    fileprivate func isMultiple(of other: JSONNumber) -> Bool {
        guard let one = decimal(scale: Self.places), let two = other.decimal(scale: Self.places), two != 0 else {
            return false
        }
        return one.isMultiple(of: two)
    }
}
