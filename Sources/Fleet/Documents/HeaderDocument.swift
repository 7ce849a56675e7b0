import Contracts
import JSON

/// The headers of the responses in the OpenAPI document.
enum HeaderDocument {
    private static let ofEveryAnswer = ["X-Request-Id", "X-API-Version", "X-Service-Name"]

    /// The headers that every answer has, and some more.
    static func ofAll(and more: [JSONObject.Member]) -> JSONValue {
        let all = ofEveryAnswer.map {
            JSONObject.Member(name: $0, value: .reference("#/components/headers/\($0)"))
        }
        return .object(JSONObject(all + more))
    }

    static let components: JSONValue = [
        "X-Request-Id": [
            "description":
                "Names the request in logs: the caller's own one, or a new one if that is none or malformed.",
            "required": true, "schema": ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"],
        ],
        "X-API-Version": [
            "description": "The version of the API.", "required": true, "schema": ["type": "string", "const": "v1"],
        ],
        "X-Service-Name": [
            "description": "Who answers.", "required": true,
            "schema": ["type": "string", "const": "api-gateway"],
        ],
    ]

    static func ofProblem(_ status: Int, _ problems: [ProblemContract]) -> [JSONObject.Member] {
        switch status {
        case 401:
            [header("WWW-Authenticate", "How to authenticate (RFC 6750).", isRequired: true, ["type": "string"])]
        case 403:
            [header("WWW-Authenticate", "Which role it takes; from the ingress only.", ["type": "string"])]
        case 405:
            [header("Allow", "The methods that are possible here.", isRequired: true, ["type": "string"])]
        case 409 where problems.contains { $0.type == "idempotency-in-flight" }:
            [retryAfter("Seconds to wait, when the same request is still being handled.")]
        case 415: [header("Accept", "The media type to send.", isRequired: true, ["type": "string"])]
        case 429, 504: [retryAfter("Seconds to wait before the next try.")]
        case 503: [retryAfter("Seconds to wait before the next try.", isRequired: true)]
        default: []
        }
    }

    static func cacheControl(_ value: JSONValue) -> JSONObject.Member {
        header("Cache-Control", "How long it may be kept.", isRequired: true, ["type": "string", "const": value])
    }

    static func retryAfter(_ description: String, isRequired: Bool = false) -> JSONObject.Member {
        header("Retry-After", description, isRequired: isRequired, ["type": "integer", "minimum": 0])
    }

    private static func header(
        _ name: String, _ description: String, isRequired: Bool = false, _ schema: JSONValue
    ) -> JSONObject.Member {
        .init(
            name: name,
            value: .members([
                "description": .string(description), "required": isRequired ? true : nil, "schema": schema,
            ]))
    }
}
