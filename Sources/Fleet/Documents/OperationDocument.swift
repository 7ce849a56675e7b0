import Contracts
import JSON
import Schema

/// One endpoint as an operation of the OpenAPI document.
struct OperationDocument {
    /// The name of the way to sign in.
    static let scheme = "bearerAuth"

    let endpoint: EndpointContract
    let http: HTTPRoute
    let parts: RequestParts
    let id: String
    let schemas: ComponentSchemas

    var json: JSONValue {
        let parameters = ParameterDocument(endpoint: endpoint, parts: parts, schemas: schemas).all
        return .members([
            "operationId": .string(id), "tags": [.string(endpoint.worker)],
            "summary": .string(endpoint.description), "description": .string(endpoint.description),
            "parameters": parameters.isEmpty ? nil : .array(parameters),
            "requestBody": requestBody, "responses": responses, "security": security,
            "x-subject": .string(endpoint.subject), "x-access": .string(endpoint.access.rawValue),
            "x-timeout-ms": .number(endpoint.timeout.milliseconds), "x-body-limit": .number(endpoint.bodyLimit),
            "x-rate-limit": endpoint.rateLimit.map {
                ["perMinute": .number($0.perMinute), "perHour": .number($0.perHour)]
            },
            "x-idempotency": .string(endpoint.idempotency.rawValue),
        ])
    }

    private var requestBody: JSONValue? {
        guard let body = parts.body else { return nil }
        return .members([
            "description": endpoint.rawBody ? "Reaches the worker byte by byte." : nil,
            "required": .bool(parts.needsBody),
            "content": ["application/json": ["schema": schemas.schema(body, of: endpoint.worker)]],
        ])
    }

    private var responses: JSONValue {
        let reply = endpoint.reply.map { schemas.schema($0.document, of: endpoint.worker) }
        let good = JSONObject.Member(
            name: String(endpoint.successStatus),
            value: ResponseDocument.good(endpoint.successStatus, type: "application/json", schema: reply))
        let problems = ProblemDocument.byStatus(endpoint.errors + IngressProblems.of(endpoint, http)).map {
            JSONObject.Member(name: String($0.status), value: ResponseDocument.problems($0.status, $0.problems))
        }
        return .object(JSONObject([good] + problems))
    }

    private var security: JSONValue {
        switch endpoint.access {
        case .customer: [[Self.scheme: []]]
        case .staff: [[Self.scheme: ["staff"]]]
        case .anyone, .internal: []
        }
    }
}
