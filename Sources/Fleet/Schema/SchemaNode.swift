import JSON

/// The place of a node in its table. Places instead of references let schemas refer to themselves without a cycle in
/// memory.
typealias SchemaIndex = Int

/// One schema, compiled.
struct SchemaNode: Sendable {
    let document: JSONValue
    var shape: SchemaShape
    /// What `enum` and `const` leave of the shape.
    var choice: SchemaChoice?
}

/// What kind of value fits.
enum SchemaShape: Sendable {
    case any
    case boolean
    case string(StringShape)
    case number(NumberShape)
    case array(ArrayShape)
    case object(ObjectShape)
    /// One of several objects.
    case union(UnionShape)
    case reference(SchemaIndex)

    var kind: JSONSchema.Kind? {
        switch self {
        case .any, .union, .reference: nil
        case .boolean: .boolean
        case .string: .string
        case .number(let shape): shape.isWhole ? .integer : .number
        case .array: .array
        case .object: .object
        }
    }
}
