public import JSON

/// A compiled JSON Schema: the part of draft 2020-12 that contracts use. Objects are closed: what is not in
/// `properties` is refused unless `additionalProperties` says otherwise. Validation allocates nothing when the value
/// fits, but for patterns and date-times.
public final class JSONSchema: Sendable {
    let table: SchemaTable
    let index: SchemaIndex

    /// - Parameters:
    ///   - document: the schema.
    ///   - definitions: what `#/schemas/Name` refers to, by name.
    /// - Throws: every fault of the schema and of the definitions that it uses.
    public convenience init(
        _ document: JSONValue, definitions: [String: JSONValue] = [:]
    ) throws(SchemaFaults) {
        var compiler = SchemaCompiler(definitions: definitions)
        let (table, index) = try compiler.compile(document)
        self.init(table: table, index: index)
    }

    init(table: SchemaTable, index: SchemaIndex) {
        self.table = table
        self.index = index
    }

    /// What it was made of.
    public var document: JSONValue { table[index].document }

    /// Nil when the value fits. The errors have JSON pointers into the value and read like those of `Fields`: in the
    /// order of the declared properties, unknown fields last, at most `ValidationError.most`.
    public func validate(_ value: JSONValue) -> ValidationError? {
        var findings = Findings()
        table.check(value, index, &findings)
        return findings.error
    }
}

/// By document and definitions.
extension JSONSchema: Hashable {
    public static func == (one: JSONSchema, other: JSONSchema) -> Bool {
        if one.table === other.table && one.index == other.index { return true }
        return one.document == other.document && one.table.definitions == other.table.definitions
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(document)
    }
}
