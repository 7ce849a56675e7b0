public import JSON

/// A refusal with its HTTP status and problem type; the same body goes out over HTTP and NATS.
public struct ServiceError: Error, Sendable {
    public let status: Int
    /// The problem type of the contract, `out-of-stock`.
    public let type: String
    /// One or two sentences for the caller: what was wrong, with what, and what to do.
    public let detail: String
    public var fieldErrors: [FieldError]
    /// Whole seconds after which trying again makes sense.
    public var retryAfter_s: Int?
    /// Further members of the problem body.
    public var members: [Member]

    public struct Member: Sendable {
        public let name: String
        public let value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    public init(
        _ status: Int, _ type: String, _ detail: String, fieldErrors: [FieldError] = [], retryAfter_s: Int? = nil,
        members: [Member] = []
    ) {
        self.status = status
        self.type = type
        self.detail = detail
        self.fieldErrors = fieldErrors
        self.retryAfter_s = retryAfter_s
        self.members = members
    }
}

extension ServiceError {
    /// 400 for a body that is no JSON.
    static func malformedJSON(_ error: JSONSyntaxError) -> ServiceError {
        ServiceError(400, "malformed-json", "the body is not valid JSON: \(error)")
    }

    /// 400 naming every field that is wrong.
    public static func validation(_ error: ValidationError) -> ServiceError {
        ServiceError(400, "validation", "the request is not valid: \(error)", fieldErrors: error.errors)
    }

    /// 400 for one field, found by the handler.
    public static func invalid(_ pointer: String, _ message: String) -> ServiceError {
        validation(ValidationError([FieldError(pointer: pointer, message: message)]))
    }

    static let internalError = ServiceError(
        500, "internal", "something went wrong here; the request may be tried again")

    /// 503: nothing is wrong with the request.
    public static func unavailable(_ detail: String, retryAfter_s: Int = 1) -> ServiceError {
        ServiceError(503, "unavailable", detail, retryAfter_s: retryAfter_s)
    }

    static let overloaded = ServiceError(
        503, "overloaded", "too many requests are being worked on; try again", retryAfter_s: 1)
}
