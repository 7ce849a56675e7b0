public import Schema

/// A schema that others of its contract refer to as `#/schemas/<name>`.
public struct SchemaDefinition: Sendable, Hashable {
    /// For instance `Order`.
    public let name: String
    public let schema: JSONSchema

    public init(name: String, schema: JSONSchema) {
        self.name = name
        self.schema = schema
    }
}
