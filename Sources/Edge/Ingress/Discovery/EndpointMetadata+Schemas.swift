import Contracts
import JSON
import Schema

extension EndpointMetadata {
    struct Request {
        let usable: AnnouncedSchemas.Usable?
        let query: [QueryParameter]
        let unused: String?
    }

    /// The request's schema, if it can be used, and what the query may have.
    func request(
        of route: HTTPRoute, _ schemas: inout AnnouncedSchemas
    ) throws(AnnouncementFault) -> Request {
        let listed = try queryNames(route)
        guard let text = texts["request"] else {
            return Request(usable: nil, query: try query(route, listed: listed, []), unused: nil)
        }
        var document: JSONValue?
        let unused: String
        do throws(AnnouncementFault) {
            let parsed = try AnnouncedSchemas.document(text)
            document = parsed
            let usable = try schemas.usable(parsed)
            let properties = usable.schema.properties
            try Self.check(usable.schema, properties, route, listed)
            let kinds = properties.compactMap { property -> QueryParameter? in
                guard let kind = Self.scalar(property.schema.kind) else { return nil }
                return QueryParameter(name: property.name, kind: kind)
            }
            return Request(usable: usable, query: try query(route, listed: listed, kinds), unused: nil)
        } catch {
            unused = "request: \(error.reason)"
        }
        let query = try query(route, listed: listed, Self.kinds(in: document))
        return Request(usable: nil, query: query, unused: unused)
    }

    func reply(_ schemas: inout AnnouncedSchemas) -> (usable: AnnouncedSchemas.Usable?, unused: String?) {
        guard let text = texts["reply"] else { return (nil, nil) }
        do throws(AnnouncementFault) {
            return (try schemas.usable(AnnouncedSchemas.document(text)), nil)
        } catch {
            return (nil, "reply: \(error.reason)")
        }
    }

    /// What is known of a request without a usable schema: its parameters of the path are texts, those of the query
    /// what they are in the query, and a body may have anything. Nil when there is nothing to say.
    static func sketch(of route: HTTPRoute) -> JSONSchema? {
        guard !route.parameters.isEmpty || !route.query.isEmpty else { return nil }
        let properties =
            route.parameters.map { JSONObject.Member(name: $0, value: ["type": "string"]) }
            + route.query.map { JSONObject.Member(name: $0.name, value: ["type": .string($0.kind.rawValue)]) }
        let hasBody = route.method != .get && route.method != .delete
        return try? JSONSchema([
            "type": "object", "properties": .object(JSONObject(properties)),
            "required": .array(route.parameters.map { .string($0) }), "additionalProperties": .bool(hasBody),
        ])
    }

    /// A schema that contradicts the route is not that of its requests.
    private static func check(
        _ schema: JSONSchema, _ properties: [JSONSchema.Property], _ route: HTTPRoute, _ listed: [String]?
    ) throws(AnnouncementFault) {
        guard schema.kind == .object else { throw AnnouncementFault("it is no schema of an object") }
        for name in route.parameters {
            guard let property = properties.first(where: { $0.name == name }), property.isRequired,
                property.schema.kind == .string
            else { throw AnnouncementFault("the path's \(name) is no string that it requires") }
        }
        for name in listed ?? [] {
            guard let property = properties.first(where: { $0.name == name }), scalar(property.schema.kind) != nil
            else { throw AnnouncementFault("the query parameter \(name) is no scalar property of it") }
        }
    }

    /// Those properties of a schema that cannot be used which plainly are texts, numbers or booleans.
    private static func kinds(in document: JSONValue?) -> [QueryParameter] {
        document?["properties"]?.object?.members.compactMap { member in
            scalar(member.value["type"]?.string.flatMap { JSONSchema.Kind(rawValue: $0) })
                .map { QueryParameter(name: member.name, kind: $0) }
        } ?? []
    }

    private static func scalar(_ kind: JSONSchema.Kind?) -> JSONSchema.Kind? {
        kind == .object || kind == .array ? nil : kind
    }
}
