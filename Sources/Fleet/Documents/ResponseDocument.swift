import Contracts
import JSON

/// The responses of the OpenAPI document.
enum ResponseDocument {
    static let path = "#/components/responses/"

    /// A response of problems, by reference where it is the same for all operations.
    static func problems(_ status: Int, _ problems: [ProblemContract]) -> JSONValue {
        if problems.count == 1, let problem = problems.first, IngressProblems.shared.contains(problem) {
            return .reference(path + Naming.pascal(problem.type))
        }
        return written(status, problems)
    }

    /// Those that operations refer to.
    static var shared: JSONValue {
        .object(
            JSONObject(
                IngressProblems.shared.map {
                    .init(name: Naming.pascal($0.type), value: written($0.status, [$0]))
                }))
    }

    static func good(_ status: Int, type: String, schema: JSONValue?, headers: [JSONObject.Member] = []) -> JSONValue {
        // RFC 9110, section 15.3.5: there is no body with 204.
        let content: JSONValue? = status == 204 ? nil : [type: .members(["schema": schema])]
        return .members([
            "description": .string(HTTPPhrase.text(status)), "headers": HeaderDocument.ofAll(and: headers),
            "content": content,
        ])
    }

    private static func written(_ status: Int, _ problems: [ProblemContract]) -> JSONValue {
        let examples = problems.map { problem in
            JSONObject.Member(
                name: problem.type,
                value: ["summary": .string(problem.when), "value": ProblemDocument.example(problem)])
        }
        return [
            "description": .string(HTTPPhrase.text(status)),
            "headers": HeaderDocument.ofAll(and: HeaderDocument.ofProblem(status, problems)),
            "content": [
                Problem.mediaType: [
                    "schema": ProblemDocument.reference, "examples": .object(JSONObject(examples)),
                ]
            ],
        ]
    }
}
