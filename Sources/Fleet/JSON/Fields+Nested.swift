extension Fields {
    /// An object within the object. When there is none, the body runs on fields that give placeholders and note nothing.
    public mutating func object<T>(_ name: String, _ body: (inout Fields) -> T) -> T {
        guard let value = take(name) else {
            refuse(name, "is missing; expected an object")
            var nothing = Fields(muted: ())
            return body(&nothing)
        }
        return nested(value, "/" + name.pointerToken, body)
    }

    public mutating func optionalObject<T>(_ name: String, _ body: (inout Fields) -> T) -> T? {
        guard let value = take(name) else { return nil }
        return nested(value, "/" + name.pointerToken, body)
    }

    /// An array of objects, each of which the body reads.
    public mutating func array<T>(
        _ name: String, count: ClosedRange<Int> = 1...100, _ body: (inout Fields) -> T
    ) -> [T] {
        elements(name, count, of: "objects") { fields, value, index in
            fields.nested(value, "/\(name.pointerToken)/\(index)", body)
        }
    }

    /// An array of values of one kind.
    public mutating func values<Rule: FieldRule>(
        _ name: String, count: ClosedRange<Int> = 1...100, _ rule: Rule
    ) -> [Rule.Value] {
        elements(name, count, of: "values") { fields, value, index in
            let message: String
            switch rule.read(value) {
            case .accepted(let value): return value
            case .refused: message = "expected \(rule.expectation), got \(value.echo)"
            case .refusedBecause(let reason): message = reason
            }
            fields.problems.append(FieldError(pointer: "/\(name.pointerToken)/\(index)", message: message))
            return rule.placeholder
        }
    }

    /// Elements beyond the allowed count are not looked at.
    private mutating func elements<T>(
        _ name: String, _ count: ClosedRange<Int>, of kind: String, _ read: (inout Fields, JSONValue, Int) -> T
    ) -> [T] {
        var expectation: String { "an array of \(count.lowerBound) to \(count.upperBound) \(kind)" }
        guard let value = take(name) else {
            refuse(name, "is missing; expected \(expectation)")
            return []
        }
        guard case .array(let elements) = value else {
            refuse(name, "expected \(expectation), got \(value.echo)")
            return []
        }
        guard count.contains(elements.count) else {
            refuse(name, "expected \(expectation), got \(elements.count)")
            return []
        }
        var result: [T] = []
        result.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() { result.append(read(&self, element, index)) }
        return result
    }

    private mutating func nested<T>(
        _ value: JSONValue, _ pointer: @autoclosure () -> String, _ body: (inout Fields) -> T
    ) -> T {
        var inner = Fields(value)
        let result = body(&inner)
        let innerUnknown = inner.allUnknown()
        if !inner.problems.errors.isEmpty || !innerUnknown.errors.isEmpty {
            let pointer = pointer()
            problems.append(inner.problems, under: pointer)
            unknown.append(innerUnknown, under: pointer)
        }
        return result
    }
}
