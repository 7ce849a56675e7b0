import Contracts
import JSON
import Schema

/// One endpoint as a request with a reply in the AsyncAPI document.
struct CallDocument {
    let endpoint: EndpointContract
    let schemas: ComponentSchemas
    /// The workers that call it.
    let callers: [String]

    /// That of the requests, and that of the replies, whose subject each request brings along.
    var channels: [JSONObject.Member] {
        let errors = ProblemDocument.byStatus(endpoint.errors)
        return [
            .init(
                name: endpoint.subject,
                value: [
                    "address": .string(endpoint.subject), "description": .string(endpoint.description),
                    "messages": ["request": request],
                ]),
            .init(
                name: replyKey,
                value: [
                    "address": nil, "description": "The subject that the request names for its reply.",
                    "messages": ["reply": reply, "problem": problem(errors)],
                ]),
        ]
    }

    var operation: JSONObject.Member {
        .init(
            name: endpoint.subject,
            value: .members([
                "action": "receive", "title": .string(endpoint.subject), "summary": .string(endpoint.description),
                "channel": .reference("#/channels/\(endpoint.subject)"), "tags": [["name": .string(endpoint.worker)]],
                "messages": [.reference("#/channels/\(endpoint.subject)/messages/request")],
                "reply": [
                    "channel": .reference("#/channels/\(replyKey)"),
                    "messages": [
                        .reference("#/channels/\(replyKey)/messages/reply"),
                        .reference("#/channels/\(replyKey)/messages/problem"),
                    ],
                ],
                // All instances of a worker are one queue group.
                "bindings": ["nats": ["queue": "q", "bindingVersion": "0.1.0"]],
                "x-access": .string(endpoint.access.rawValue), "x-http": endpoint.http.map { .string("\($0)") },
                "x-timeout-ms": .number(endpoint.timeout.milliseconds),
                "x-body-limit": .number(endpoint.bodyLimit),
                "x-idempotency": .string(endpoint.idempotency.rawValue),
                "x-repeatable": .bool(endpoint.isRepeatable),
                "x-callers": callers.isEmpty ? nil : .texts(callers),
            ]))
    }

    /// Subjects have no colon.
    private var replyKey: String { "\(endpoint.subject):reply" }

    private var request: JSONValue {
        message(
            "request", endpoint.request, headers: MessageHeaders.request(endpoint),
            otherwise: ["type": "object", "additionalProperties": true])
    }

    private var reply: JSONValue { message("reply", endpoint.reply, headers: nil, otherwise: nil) }

    private func problem(_ errors: [(status: Int, problems: [ProblemContract])]) -> JSONValue {
        let examples = errors.flatMap(\.problems).map { problem -> JSONValue in
            [
                "name": .string(problem.type), "summary": .string(problem.when),
                "payload": ProblemDocument.example(problem),
            ]
        }
        return [
            "name": .string("\(endpoint.subject) problem"), "contentType": .string(Problem.mediaType),
            "headers": MessageHeaders.problem(statuses: errors.map(\.status)), "payload": ProblemDocument.reference,
            "examples": .array(examples),
        ]
    }

    private func message(
        _ kind: String, _ schema: JSONSchema?, headers: JSONValue?, otherwise: JSONValue?
    ) -> JSONValue {
        let examples = schema?.examples ?? []
        return .members([
            "name": .string("\(endpoint.subject) \(kind)"), "contentType": "application/json", "headers": headers,
            "payload": schema.map { schemas.schema($0.document, of: endpoint.worker) } ?? otherwise,
            "examples": examples.isEmpty ? nil : .array(examples.map { ["payload": $0] }),
        ])
    }
}
