import Contracts
import JSON

/// The headers of messages, as object schemas.
enum MessageHeaders {
    /// Those of an event: CloudEvents' NATS binding, and what JetStream tells repeated ones apart by.
    static func event(_ type: EventType, of stream: EventStream) -> JSONValue {
        schema([
            ("Nats-Msg-Id", uuid("The same as ce-id; within the duplicate window the stream takes it once."), true),
            ("ce-specversion", constant("1.0", "The version of CloudEvents."), true),
            ("ce-id", uuid("Names the event."), true),
            ("ce-type", constant(type.name, "The type of the event."), true),
            ("ce-source", constant("/\(stream.worker)", "Who emitted it."), true),
            ("ce-time", ["type": "string", "format": "date-time", "description": "When it happened."], true),
            ("ce-subject", uuid("The id of what it is about (\(stream.aggregate)), as in the subject."), true),
            (
                "ce-sequence",
                text("Its place among the events about the same: 1, 2, 3 and so on.", pattern: "^[1-9][0-9]*$"), true
            ),
            ("content-type", constant("application/json", "The media type of the payload."), true),
            ("traceparent", traceparent, false),
        ])
    }

    static func request(_ endpoint: EndpointContract) -> JSONValue {
        var headers: [Header] = [
            (
                "Flotilla-Actor",
                text(
                    "For whom: left out by workers, which their NATS permissions vouch for.",
                    pattern: "^(anonymous|(customer|staff):[0-9a-f-]{36})$"), false
            ),
            (
                "Flotilla-Deadline",
                text("Until when an answer is of use, in Unix milliseconds.", pattern: "^[0-9]{1,19}$"), false
            ),
            ("Flotilla-Request-Id", text("Names the request in logs.", pattern: "^[A-Za-z0-9_-]{1,64}$"), false),
            ("traceparent", traceparent, false),
        ]
        if endpoint.idempotency != .none {
            headers.append(
                (
                    IdempotencyKeyDocument.header, IdempotencyKeyDocument.messageSchema,
                    endpoint.idempotency == .required
                ))
        }
        headers += endpoint.forwardedHeaders.map {
            ($0, text("As it came over HTTP.", pattern: "^[ -~]+$"), endpoint.rawBody)
        }
        if endpoint.callerDetails {
            headers += [
                (
                    CallerDetail.client, text("The address that it came from over HTTP.", pattern: "^[0-9A-Fa-f.:]+$"),
                    false
                ),
                (CallerDetail.agent, text("What the client calls itself.", pattern: "^[ -~]{1,255}$"), false),
                (CallerDetail.session, uuid("The session of the caller's token."), false),
            ]
        }
        return schema(headers)
    }

    /// Those that make a reply a refusal (ADR-32 of NATS).
    static func problem(statuses: [Int]) -> JSONValue {
        schema([
            (
                "Nats-Service-Error-Code",
                [
                    "type": "string", "enum": .texts(statuses.map { String($0) }),
                    "description": "The status of the problem.",
                ], true
            ),
            ("Nats-Service-Error", ["type": "string", "description": "The title of the problem."], true),
            ("Content-Type", constant(Problem.mediaType, "The media type of the payload."), true),
            ("Retry-After", text("Seconds to wait before the next try.", pattern: "^[0-9]+$"), false),
        ])
    }

    private typealias Header = (name: String, schema: JSONValue, isRequired: Bool)

    /// Open: others may be there.
    private static func schema(_ headers: [Header]) -> JSONValue {
        let required = headers.filter(\.isRequired).map(\.name)
        return .members([
            "type": "object", "required": required.isEmpty ? nil : .texts(required),
            "properties": .object(JSONObject(headers.map { .init(name: $0.name, value: $0.schema) })),
        ])
    }

    private static let traceparent = text(
        "The trace (W3C Trace Context).", pattern: "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")

    private static func uuid(_ description: String) -> JSONValue {
        ["type": "string", "format": "uuid", "description": .string(description)]
    }

    private static func constant(_ value: String, _ description: String) -> JSONValue {
        ["type": "string", "const": .string(value), "description": .string(description)]
    }

    private static func text(_ description: String, pattern: String) -> JSONValue {
        ["type": "string", "pattern": .string(pattern), "description": .string(description)]
    }
}
