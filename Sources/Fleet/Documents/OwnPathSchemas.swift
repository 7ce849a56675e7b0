import JSON

/// What the ingress answers at its own paths.
enum OwnPathSchemas {
    static let index: JSONValue = [
        "title": "Index", "type": "object", "required": ["name", "version", "links"],
        "properties": [
            "name": ["type": "string", "const": "flotilla"],
            "version": ["type": "string", "description": "The version of the running system."],
            "links": [
                "type": "object", "description": "Paths by what is there.",
                "additionalProperties": ["type": "string"],
            ],
        ],
        "additionalProperties": false,
        "examples": [["name": "flotilla", "version": "1.0.0", "links": ["docs": "/docs"]]],
    ]

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

    static let health: JSONValue = [
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

    static let keys: JSONValue = [
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
