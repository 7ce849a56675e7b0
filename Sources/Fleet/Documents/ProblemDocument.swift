import Contracts
import JSON

/// Problem documents (RFC 9457) as the documents describe them.
enum ProblemDocument {
    static let schemaName = "Problem"
    static let reference = JSONValue.reference(ComponentSchemas.path + schemaName)

    /// Open: problems may have members of their own.
    static let schema: JSONValue = [
        "title": "Problem", "description": "Why a request was refused (RFC 9457).", "type": "object",
        "required": ["type", "title", "status", "error"],
        "properties": [
            "type": [
                "type": "string", "pattern": "^urn:flotilla:problem:[a-z][a-z0-9-]*$",
                "description": "For programs to tell problems apart.",
            ],
            "title": ["type": "string", "description": "The same for all problems of this type."],
            "status": ["type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."],
            "detail": ["type": "string", "description": "What was wrong with this request and what to do about it."],
            "error": ["type": "string", "description": "Short text for people."],
            "errors": [
                "type": "array", "description": "What is wrong with single fields.", "items": fieldError,
            ],
            "requestId": ["type": "string", "description": "The X-Request-Id of the request."],
        ],
        "additionalProperties": true,
        "examples": [
            [
                "type": "urn:flotilla:problem:validation", "title": "Validation", "status": 400,
                "detail": "fields are missing, unknown or wrong", "error": "Validation",
                "errors": [["pointer": "/quantity", "message": "expected an integer from 1 to 100, got 0"]],
                "requestId": "5f0c7a1e9b3d4c62",
            ]
        ],
    ]

    private static let fieldError: JSONValue = [
        "type": "object", "required": ["pointer", "message"],
        "properties": [
            "pointer": [
                "type": "string", "description": "Where, as a JSON pointer (RFC 6901); empty for all of it.",
            ],
            "message": ["type": "string", "description": "What was expected and what was found."],
        ],
        "additionalProperties": false,
    ]

    static func example(_ problem: ProblemContract) -> JSONValue {
        let title = JSONValue.string(Naming.sentence(problem.type))
        return [
            "type": .string("urn:flotilla:problem:\(problem.type)"), "title": title,
            "status": .number(problem.status), "detail": .string(problem.when), "error": title,
        ]
    }

    /// By status from the lowest one; each type once for each status, as it was said first.
    static func byStatus(_ problems: [ProblemContract]) -> [(status: Int, problems: [ProblemContract])] {
        Set(problems.map(\.status)).sorted().map { status in
            var types: Set<String> = []
            return (status, problems.filter { $0.status == status && types.insert($0.type).inserted })
        }
    }
}
