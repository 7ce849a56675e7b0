import Contracts
import JSON

/// What the ingress answers without a worker.
enum OwnPaths {
    static let tag: JSONValue = ["name": "ingress", "description": "What the ingress answers itself."]

    static var paths: [JSONObject.Member] {
        let operations: [(path: String, operation: JSONValue)] = [
            ("/", index), ("/health", health), ("/.well-known/jwks.json", keys), ("/openapi.json", openAPI),
            ("/asyncapi.json", asyncAPI), ("/docs", docs),
        ]
        return operations.map { .init(name: $0.path, value: ["get": $0.operation]) }
    }

    private static var index: JSONValue {
        let good = ResponseDocument.good(200, type: "application/json", schema: OwnPathSchemas.index)
        return operation(
            id: "index", "What this is, and where its parts are.", [(200, good)], IngressProblems.ofOwnPaths)
    }

    private static var openAPI: JSONValue { document(id: "openapi", "This document.") }

    private static var asyncAPI: JSONValue {
        document(id: "asyncapi", "The subjects and events of the fleet (AsyncAPI 3.0).")
    }

    private static var docs: JSONValue {
        let good = ResponseDocument.good(
            200, type: "text/html", schema: ["type": "string"], headers: [HeaderDocument.cacheControl("no-cache")])
        return operation(
            id: "docs", "This API as a page to read and to try.", [(200, good)], IngressProblems.ofOwnPaths)
    }

    private static func document(id: String, _ description: String) -> JSONValue {
        let good = ResponseDocument.good(
            200, type: "application/json", schema: ["type": "object", "additionalProperties": true],
            headers: [HeaderDocument.cacheControl("no-cache")])
        return operation(id: id, description, [(200, good)], IngressProblems.ofOwnPaths)
    }

    private static var health: JSONValue {
        let type = "application/health+json"
        let noStore = HeaderDocument.cacheControl("no-store")
        let wait = HeaderDocument.retryAfter("Seconds to wait before the next try.", isRequired: true)
        return operation(
            id: "health", "Whether requests can be served, and what is amiss if not.",
            [
                (200, ResponseDocument.good(200, type: type, schema: OwnPathSchemas.health, headers: [noStore])),
                (503, ResponseDocument.good(503, type: type, schema: OwnPathSchemas.health, headers: [noStore, wait])),
            ], IngressProblems.ofOwnPaths)
    }

    private static var keys: JSONValue {
        let good = ResponseDocument.good(
            200, type: "application/jwk-set+json", schema: OwnPathSchemas.keys,
            headers: [HeaderDocument.cacheControl("public, max-age=60")])
        return operation(
            id: "jwks", "The public keys that tokens are checked with, as a JSON Web Key Set (RFC 7517).",
            [(200, good)], IngressProblems.ofOwnPaths + [IngressProblems.keysMissing])
    }

    private static func operation(
        id: String, _ description: String, _ responses: [(Int, JSONValue)], _ problems: [ProblemContract]
    ) -> JSONValue {
        let refusals = ProblemDocument.byStatus(problems).map {
            ($0.status, ResponseDocument.problems($0.status, $0.problems))
        }
        let all = (responses + refusals).sorted { $0.0 < $1.0 }
        return [
            "operationId": .string(id), "tags": ["ingress"], "summary": .string(description),
            "description": .string(description),
            "responses": .object(JSONObject(all.map { .init(name: String($0.0), value: $0.1) })),
            "security": [], "x-access": "anyone",
        ]
    }
}
