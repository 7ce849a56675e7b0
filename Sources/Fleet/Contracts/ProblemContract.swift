/// A problem that an endpoint can answer with.
public struct ProblemContract: Sendable, Hashable {
    /// The HTTP status, which is the service error code over NATS.
    public let status: Int
    /// A slug, for instance `out-of-stock`.
    public let type: String
    /// When it is answered.
    public let when: String

    public init(status: Int, type: String, when: String) {
        self.status = status
        self.type = type
        self.when = when
    }
}

extension ProblemContract {
    /// The status of a type of problem that is the same at every endpoint; nil for one that contracts may have.
    static func commonStatus(of type: String) -> Int? {
        switch type {
        case "malformed-json", "malformed-request", "validation", "idempotency-key-missing",
            "idempotency-key-malformed":
            400
        case "unauthenticated": 401
        case "forbidden": 403
        case "not-found": 404
        case "method-not-allowed": 405
        case "request-timeout": 408
        case "idempotency-in-flight": 409
        case "too-large": 413
        case "path-too-long": 414
        case "unsupported-media-type": 415
        case "idempotency-key-reused": 422
        case "rate-limited": 429
        case "internal": 500
        case "bad-gateway": 502
        case "overloaded", "unavailable": 503
        case "deadline-exceeded": 504
        default: nil
        }
    }

    /// The problems that follow from the properties of an endpoint and that no contract needs to repeat.
    static func common(to endpoint: EndpointContract) -> [ProblemContract] {
        var problems: [ProblemContract] = []
        if !endpoint.rawBody {
            problems += [
                .init(status: 400, type: "malformed-json", when: "the body is no acceptable JSON"),
                .init(status: 400, type: "validation", when: "fields are missing, unknown or wrong"),
            ]
        }
        if endpoint.access == .customer || endpoint.access == .staff {
            problems += [
                .init(status: 401, type: "unauthenticated", when: "there is no valid token"),
                .init(status: 403, type: "forbidden", when: "the caller may not do this"),
            ]
        }
        if endpoint.access == .internal {
            problems.append(.init(status: 403, type: "forbidden", when: "the caller is no worker"))
        }
        if endpoint.idempotency == .required {
            problems.append(.init(status: 400, type: "idempotency-key-missing", when: "the idempotency key is missing"))
        }
        if endpoint.idempotency != .none {
            problems += [
                .init(
                    status: 400, type: "idempotency-key-malformed",
                    when: "the idempotency key is too long or not printable"),
                .init(
                    status: 409, type: "idempotency-in-flight",
                    when: "a request with this idempotency key is still being handled"),
                .init(
                    status: 422, type: "idempotency-key-reused",
                    when: "the idempotency key came with another request before"),
            ]
        }
        problems.append(.init(status: 413, type: "too-large", when: "the body is larger than allowed"))
        if endpoint.http != nil, endpoint.rateLimit != nil {
            problems.append(.init(status: 429, type: "rate-limited", when: "there were too many requests"))
        }
        return problems + [
            .init(status: 500, type: "internal", when: "something went wrong that is not the caller's fault"),
            .init(status: 503, type: "overloaded", when: "there is more work than can be done in time"),
            .init(status: 503, type: "unavailable", when: "nobody answers, or a server behind is away"),
            .init(status: 504, type: "deadline-exceeded", when: "the deadline passed"),
        ]
    }
}
