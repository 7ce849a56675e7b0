import Contracts
import JSON
import Schema

/// Reads the schemas of one announcement, and stops where reading them costs too much: a few texts can refer to all
/// definitions many times.
///
/// Taken is the part of JSON Schema that contracts use: `type` (one of object, array, string, integer, number,
/// boolean), `properties`, `required`, `additionalProperties`, `items`, `minItems`, `maxItems`, `enum` of strings,
/// `const`, `format` (uuid, email, date-time, uri, password), `minLength`, `maxLength`, `minimum`, `exclusiveMinimum`,
/// `maximum`, `multipleOf`, `oneOf` of objects told apart by a `const`, `$ref` to `#/schemas/Name`. `title`,
/// `description`, `examples`, `default` and `deprecated` are for the documents; `$schema`, `$comment` and `pattern` are
/// left out, as are those of the former that have numbers which not everyone can read. Any other keyword costs the schema that has it.
struct AnnouncedSchemas: Sendable {
    /// Longest text of one schema, in bytes.
    static let maxBytes = 64 << 10
    /// Bytes that are compiled for one announcement, definitions counted each time they are referred to.
    static let maxWork = 2 << 20

    /// A schema that can be used.
    struct Usable: Sendable {
        let schema: JSONSchema
        /// What it refers to, by name.
        let definitions: [SchemaDefinition]
    }

    let definitions: AnnouncedDefinitions
    private var compiled: [String: SchemaDefinition] = [:]
    private var work = 0

    init(_ definitions: AnnouncedDefinitions) {
        self.definitions = definitions
    }

    /// What a text says, be it a schema or not.
    static func document(_ text: String) throws(AnnouncementFault) -> JSONValue {
        guard text.utf8.count <= maxBytes else {
            throw AnnouncementFault("expected a JSON Schema of at most \(maxBytes >> 10) KiB")
        }
        do { return try JSONReader.parse(text) } catch {
            throw AnnouncementFault("no JSON that is taken: \("\(error)".prefix(200))")
        }
    }

    mutating func usable(_ document: JSONValue) throws(AnnouncementFault) -> Usable {
        guard document.isModest else {
            throw AnnouncementFault("one of its objects or lists has too many members")
        }
        let plain = document.schema(without: JSONValue.keywordsWithoutEffect)
        let closure = definitions.closure(of: plain.referredDefinitions)
        let schema: JSONSchema
        do throws(AnnouncementFault) {
            schema = try compile(plain, closure)
        } catch {
            // Examples and the like must not cost the schema.
            schema = try compile(document.schema(without: JSONValue.annotations), closure)
        }
        var used: [SchemaDefinition] = []
        for (name, definition) in closure.sorted(by: { $0.key < $1.key }) {
            used.append(try compiled(name, definition))
        }
        return Usable(schema: schema, definitions: used)
    }

    private mutating func compiled(
        _ name: String, _ definition: AnnouncedDefinitions.Definition
    ) throws(AnnouncementFault) -> SchemaDefinition {
        if let known = compiled[name] { return known }
        let schema = try compile(definition.document, definitions.closure(of: definition.refers))
        let made = SchemaDefinition(name: name, schema: schema)
        compiled[name] = made
        return made
    }

    private mutating func compile(
        _ document: JSONValue, _ closure: [String: AnnouncedDefinitions.Definition]
    ) throws(AnnouncementFault) -> JSONSchema {
        guard work < Self.maxWork else { throw AnnouncementFault("the schemas of the service are too large together") }
        work += document.bytes.count + closure.values.reduce(0) { $0 + $1.bytes }
        do {
            return try JSONSchema(document, definitions: closure.mapValues(\.document))
        } catch {
            throw AnnouncementFault(error.faults.first.map { String("\($0)".prefix(200)) } ?? "not supported")
        }
    }
}
