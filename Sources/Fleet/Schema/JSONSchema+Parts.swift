public import JSON

extension JSONSchema {
    /// A member that an object schema declares.
    public struct Property: Sendable {
        public let name: String
        public let schema: JSONSchema
        public let isRequired: Bool
    }

    /// The values of `type`.
    public enum Kind: String, Sendable, CaseIterable {
        case object, array, string, integer, number, boolean
    }

    /// Those of an object schema, in the order declared; none of another one. Follows a `$ref`.
    public var properties: [Property] {
        guard case .object(let shape) = target.shape else { return [] }
        return shape.properties.map {
            Property(name: $0.name.text, schema: JSONSchema(table: table, index: $0.schema), isRequired: $0.isRequired)
        }
    }

    /// The names of the members that an object schema allows; nil where it allows others too. Follows a `$ref`.
    public var closedMembers: Set<String>? {
        guard case .object(let shape) = target.shape, case .refused = shape.additional else { return nil }
        return Set(shape.properties.map(\.name.text))
    }

    /// Nil without a `type`, as with `oneOf` or `enum` alone. Follows a `$ref`.
    public var kind: Kind? { target.shape.kind }

    /// The `default`. Follows a `$ref`.
    public var defaultValue: JSONValue? { target.document["default"] }

    /// The `description`, "" without. One beside a `$ref` goes before that of what it refers to.
    public var summary: String { document["description"]?.string ?? target.document["description"]?.string ?? "" }

    /// The `examples`. Follows a `$ref`.
    public var examples: [JSONValue] { target.document["examples"]?.array ?? [] }

    /// Completes "expected …", as `FieldRule.expectation` does: "a UUID", "an integer from 1 to 100", "one of a, b".
    public var expectation: String { table.expectation(index) }

    private var target: SchemaNode { table[table.resolve(index)] }
}
