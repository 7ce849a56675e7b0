import Contracts
import JSON
import Schema

/// The parameters of the OpenAPI document's operations.
struct ParameterDocument {
    let endpoint: EndpointContract
    let parts: RequestParts
    let schemas: ComponentSchemas

    /// Those of the path, of the query and of the header, in this order.
    var all: [JSONValue] {
        parts.path.map { parameter($0, in: "path") } + parts.query.map { parameter($0, in: "query") } + idempotencyKey
            + endpoint.forwardedHeaders.map(forwarded)
    }

    private func parameter(_ property: JSONSchema.Property, in place: String) -> JSONValue {
        .members([
            "name": .string(property.name), "in": .string(place),
            "required": property.isRequired || place == "path" ? true : nil,
            "description": property.schema.summary.isEmpty ? nil : .string(property.schema.summary),
            "deprecated": property.schema.document["deprecated"],
            "schema": schemas.schema(property.schema.document, of: endpoint.worker),
            "example": RequestParts.example(of: property.name, in: endpoint.request),
        ])
    }

    private var idempotencyKey: [JSONValue] {
        guard endpoint.idempotency != .none else { return [] }
        return [
            .members([
                "name": .string(IdempotencyKeyDocument.header), "in": "header",
                "required": endpoint.idempotency == .required ? true : nil,
                "description": .string(IdempotencyKeyDocument.description), "schema": IdempotencyKeyDocument.httpSchema,
                "example": IdempotencyKeyDocument.example,
            ])
        ]
    }

    private func forwarded(_ name: String) -> JSONValue {
        .members([
            "name": .string(name), "in": "header", "required": endpoint.rawBody ? true : nil,
            "description": "Passed on to the worker as it is.",
            "schema": ["type": "string", "minLength": 1, "pattern": "^[ -~]+$"],
        ])
    }
}
