import JSON

/// The values that `enum` or `const` leaves.
enum SchemaChoice: Sendable {
    case texts([ExactText])
    case constant(JSONValue)

    func contains(_ value: JSONValue) -> Bool {
        switch self {
        case .texts(let texts):
            guard case .string(let text) = value else { return false }
            return texts.contains { $0.matches(text) }
        case .constant(let constant): return constant.isSame(as: value)
        }
    }

    var expectation: String {
        switch self {
        case .texts(let texts): "one of \(texts.map(\.text).joined(separator: ", "))"
        case .constant(.string(let text)): text.echo
        case .constant(let value): value.description
        }
    }
}

extension JSONValue {
    /// Equality of JSON Schema: numbers by value, objects without order, texts by their bytes.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.number(let one), .number(let other)): one == other || ExactDecimal(one) == ExactDecimal(other)
        case (.string(let one), .string(let other)): ExactText(one).matches(other)
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
        case (.object(let one), .object(let other)):
            one.count == other.count
                && one.members.allSatisfy { member in other[member.name].map { member.value.isSame(as: $0) } ?? false }
        default: false
        }
    }
}
