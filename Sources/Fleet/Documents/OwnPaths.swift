import Contracts
import JSON

/// What the ingress answers without a worker.
enum OwnPaths {
    static let tag: JSONValue = ["name": "ingress", "description": "What the ingress answers itself."]

    static var paths: [JSONObject.Member] {
        [.init(name: "/health", value: ["get": health]), .init(name: "/.well-known/jwks.json", value: ["get": keys])]
    }

    private static var health: JSONValue {
        let type = "application/health+json"
        let noStore = HeaderDocument.cacheControl("no-store")
        let wait = HeaderDocument.retryAfter("Seconds to wait before the next try.", isRequired: true)
        return operation(
            id: "health", "Whether requests can be served, and what is amiss if not.",
            [
                (200, ResponseDocument.good(200, type: type, schema: healthSchema, headers: [noStore])),
                (503, ResponseDocument.good(503, type: type, schema: healthSchema, headers: [noStore, wait])),
            ], IngressProblems.ofOwnPaths)
    }

    private static var keys: JSONValue {
        let good = ResponseDocument.good(
            200, type: "application/jwk-set+json", schema: keysSchema,
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

    private static let check: JSONValue = [
        "type": "object", "required": ["status"],
        "properties": [
            "status": status, "output": ["type": "string", "description": "What is amiss; left out otherwise."],
        ],
        "additionalProperties": false,
    ]

    private static let status: JSONValue = [
        "type": "string", "enum": ["pass", "warn", "fail"],
        "description": "warn: some requests are refused; fail: none should be sent here.",
    ]

    private static let healthSchema: JSONValue = [
        "title": "Health", "description": "As the draft draft-inadarei-api-health-check has it.", "type": "object",
        "required": ["status", "version", "checks"],
        "properties": [
            "status": status,
            "version": ["type": "string", "description": "The version of the running system."],
            "notes": ["type": "array", "description": "For instance that it shuts down.", "items": ["type": "string"]],
            "checks": [
                "type": "object", "description": "What was looked at, by name.",
                "additionalProperties": ["type": "array", "minItems": 1, "items": check],
            ],
        ],
        "additionalProperties": false,
        "examples": [
            ["status": "pass", "version": "1.0.0", "checks": ["nats:connection": [["status": "pass"]]]]
        ],
    ]

    private static let keysSchema: JSONValue = [
        "title": "Key set", "description": "A JSON Web Key Set (RFC 7517).", "type": "object", "required": ["keys"],
        "properties": [
            "keys": [
                "type": "array", "description": "The keys that are in use.",
                "items": [
                    "type": "object", "required": ["kty"],
                    "properties": [
                        "kty": ["type": "string", "description": "The kind of key."],
                        "kid": ["type": "string", "description": "The name that tokens call the key by."],
                    ],
                    "additionalProperties": true,
                ],
            ]
        ],
        "additionalProperties": true,
        "examples": [
            [
                "keys": [
                    [
                        "kty": "OKP", "crv": "Ed25519", "kid": "0f1e2d3c4b5a6978",
                        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "alg": "EdDSA", "use": "sig",
                    ]
                ]
            ]
        ],
    ]
}
