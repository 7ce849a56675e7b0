/// A request that Stripe refuses, without any effect.
struct APIFailure: Error, Sendable {
    var status = 400
    var type = "invalid_request_error"
    var code: String?
    var message: String
    var param: String?
    /// The intent that stands in the way, as JSON.
    var intent: JSONValue?

    var answer: APIAnswer {
        var members: [(String, JSONValue)] = []
        if let code {
            members.append(("code", .string(code)))
            let page = String(code.map { $0 == "_" ? "-" : $0 })
            members.append(("doc_url", .string("https://stripe.com/docs/error-codes/\(page)")))
        }
        members.append(("message", .string(message)))
        if let param { members.append(("param", .string(param))) }
        if let intent { members.append(("payment_intent", intent)) }
        members.append(("type", .string(type)))
        return APIAnswer(status: status, body: JSONValue.object([("error", .object(members))]).text)
    }
}

extension APIFailure {
    static func missing(_ param: String) -> Self {
        Self(code: "parameter_missing", message: "Missing required param: \(param).", param: param)
    }

    static func invalid(_ param: String, _ message: String, code: String? = nil) -> Self {
        Self(code: code, message: message, param: param)
    }

    /// - Parameter kind: such as `payment_intent`.
    static func noSuch(_ kind: String, _ id: String, param: String, status: Int = 404) -> Self {
        Self(status: status, code: "resource_missing", message: "No such \(kind): '\(id)'", param: param)
    }

    static func unrecognized(method: String, path: String) -> Self {
        Self(
            status: 404,
            message: "Unrecognized request URL (\(method): \(path)). Please see https://stripe.com/docs or "
                + "we can help at https://support.stripe.com/.")
    }

    /// HTTP statuses that are injected on demand.
    static func injected(_ status: Int) -> Self {
        switch status {
        case 429:
            Self(
                status: 429, code: "rate_limit",
                message: "Request rate limit exceeded. You can learn more about rate limits here "
                    + "https://stripe.com/docs/rate-limits.")
        case 409:
            Self(
                status: 409, type: "idempotency_error", code: "idempotency_key_in_use",
                message: "There is currently another in-progress request using this Idempotent Key. "
                    + "Please try again later.")
        case 400..<500: Self(status: status, message: "This answer was injected by the simulator.")
        default: Self(status: status, type: "api_error", message: "An unknown error occurred")
        }
    }
}
