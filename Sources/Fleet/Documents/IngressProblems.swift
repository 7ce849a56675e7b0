import Contracts

/// What the ingress itself refuses, on top of what contracts declare.
enum IngressProblems {
    static let malformed = ProblemContract(
        status: 400, type: "malformed-request",
        when: "the request is not well-formed HTTP, or its path or a header is not")
    static let unknownQuery = ProblemContract(
        status: 400, type: "validation", when: "the query has a parameter that is not known, or one twice")
    static let notFound = ProblemContract(status: 404, type: "not-found", when: "there is nothing at this path")
    static let methodNotAllowed = ProblemContract(
        status: 405, type: "method-not-allowed", when: "this path is there, but not for this method")
    static let timedOut = ProblemContract(
        status: 408, type: "request-timeout", when: "the header or the body did not arrive in time")
    static let pathTooLong = ProblemContract(
        status: 414, type: "path-too-long", when: "the path or the query is longer than the ingress takes")
    static let mediaType = ProblemContract(
        status: 415, type: "unsupported-media-type", when: "the body is not announced as JSON in UTF-8")
    static let expectation = ProblemContract(
        status: 417, type: "unknown-expectation", when: "the header Expect asks for anything but 100-continue")
    static let headerTooLarge = ProblemContract(
        status: 431, type: "header-too-large", when: "the header has more bytes or fields than the ingress takes")
    static let badGateway = ProblemContract(
        status: 502, type: "bad-gateway",
        when: "the request could not be handed to a worker, or its answer made no sense")
    static let keysMissing = ProblemContract(
        status: 503, type: "unavailable", when: "the ingress has not got the keys yet")

    /// Those that are the same wherever they occur.
    static let shared = [
        methodNotAllowed, timedOut, pathTooLong, mediaType, expectation, headerTooLarge, badGateway,
    ]

    /// Those of paths that the ingress answers without a worker.
    static let ofOwnPaths = [malformed, methodNotAllowed, timedOut, pathTooLong, expectation, headerTooLarge]

    static func of(_ endpoint: EndpointContract, _ http: HTTPRoute) -> [ProblemContract] {
        var problems = [malformed, unknownQuery]
        if !http.parameters.isEmpty { problems.append(notFound) }
        problems += [methodNotAllowed, timedOut, pathTooLong]
        if !endpoint.rawBody, !endpoint.ignoresBody { problems.append(mediaType) }
        return problems + [expectation, headerTooLarge, badGateway]
    }
}
