import Contracts
import JSON

/// Why a request is answered by the ingress itself: what the problem document of the answer is made of.
struct Refusal: Error, Sendable {
    var status: Int
    /// Last part of the problem's type, `urn:flotilla:problem:<slug>`.
    var slug: String
    /// Short text for the `error` member.
    var error: String
    /// What was wrong with this request and what to do, for people.
    var detail: String
    /// What is wrong with single fields.
    var errors: [FieldError] = []
    var headers: [(String, String)] = []
    /// Whether the connection cannot be used for another request.
    var closes = false
}

extension Refusal {
    /// What workers refuse in the same words.
    init(_ problem: Problem, headers: [(String, String)] = []) {
        self.init(
            status: problem.status, slug: problem.slug, error: problem.error, detail: problem.detail ?? problem.title,
            errors: problem.errors, headers: headers)
    }

    static func notFound(path: String) -> Refusal {
        Refusal(
            status: 404, slug: "not-found", error: "Not found",
            detail: "There is nothing at \(path).")
    }

    static func methodNotAllowed(_ method: String, allow: String) -> Refusal {
        Refusal(
            status: 405, slug: "method-not-allowed", error: "Method not allowed",
            detail: "\(method) is not possible here; allowed are \(allow).", headers: [("Allow", allow)])
    }

    static func badRequest(_ slug: String, _ error: String, _ detail: String) -> Refusal {
        Refusal(status: 400, slug: slug, error: error, detail: detail)
    }

    static func invalidTarget(_ detail: String) -> Refusal { badRequest("malformed-request", "Invalid path", detail) }

    static func invalidQuery(_ detail: String, name: String? = nil) -> Refusal {
        var refusal = badRequest("validation", "Invalid query", detail)
        if let name { refusal.errors = [FieldError(pointer: "/\(name)", message: detail)] }
        return refusal
    }

    static let pathTooLong = Refusal(
        status: 414, slug: "path-too-long", error: "Path too long",
        detail: "The path or query of the request is longer than the ingress takes.")

    static func bodyTooLarge(limit: Int) -> Refusal { Refusal(.tooLarge(limit: limit)) }

    static let unsupportedMediaType = Refusal(
        status: 415, slug: "unsupported-media-type",
        error: "Content-Type must be application/json",
        detail: "Send the body as JSON in UTF-8 with Content-Type: application/json.",
        headers: [("Accept", "application/json")])

    static let bodyNotObject = badRequest(
        "malformed-json", "Body must be a JSON object", "The body of this request must be one JSON object.")

    static func repeatedHeader(_ name: StaticString) -> Refusal {
        badRequest("malformed-request", "\(name) sent twice", "The header \(name) may be sent only once.")
    }

    static let unknownExpectation = Refusal(
        status: 417, slug: "unknown-expectation", error: "Unknown Expect",
        detail: "The only expectation that is known is 100-continue.")

    static func timedOutReading(_ what: String) -> Refusal {
        Refusal(
            status: 408, slug: "request-timeout", error: "Request timeout",
            detail: "The \(what) of the request did not arrive in time.", closes: true)
    }

    static func malformed(_ detail: String) -> Refusal {
        Refusal(
            status: 400, slug: "malformed-request", error: "Malformed HTTP request",
            detail: detail, closes: true)
    }

    static let headerTooLarge = Refusal(
        status: 431, slug: "header-too-large", error: "Header too large",
        detail: "The header of the request has more bytes or fields than the ingress takes.", closes: true)
}

// MARK: - Tokens

extension Refusal {
    static let tokenRequired = Refusal(
        Problem.tokenRequired,
        headers: [("WWW-Authenticate", "Bearer realm=\"flotilla\"")])

    static func tokenRefused(_ failure: TokenFailure) -> Refusal {
        Refusal(
            status: 401, slug: "unauthenticated", error: "Invalid token",
            detail: failure.explanation,
            headers: [
                (
                    "WWW-Authenticate",
                    "Bearer realm=\"flotilla\", error=\"invalid_token\", error_description=\"\(failure.explanation)\""
                )
            ])
    }

    static let roleForbidden = Refusal(
        Problem.staffOnly,
        headers: [("WWW-Authenticate", "Bearer realm=\"flotilla\", error=\"insufficient_scope\"")])

    static let keysUnavailable = unavailable(
        "Tokens cannot be checked yet: the keys of the fleet are not there.", retryAfter_s: 2)
}

// MARK: - What the fleet did not answer

extension Refusal {
    static func unavailable(_ detail: String, retryAfter_s: Int = 1) -> Refusal {
        Refusal(
            status: 503, slug: "unavailable", error: "Service unavailable",
            detail: detail,
            headers: [("Retry-After", String(retryAfter_s))])
    }

    static let unknownStatus = Refusal(
        status: 502, slug: "bad-gateway", error: "Bad gateway",
        detail: "The worker refused the request with a Nats-Service-Error-Code that is no status from 400 to 599.")

    static func upstream(_ failure: ForwardFailure, bodyLimit: Int) -> Refusal {
        switch failure {
        case .noResponders:
            unavailable("No worker answers this endpoint at the moment.")
        case .disconnected:
            unavailable("The message broker cannot be reached at the moment.")
        case .connectionLost:
            unavailable(
                "The connection to the message broker was lost before the answer came: the request may have had its "
                    + "effect. Repeat it with the same Idempotency-Key.")
        case .timedOut:
            Refusal(
                status: 504, slug: "deadline-exceeded", error: "Timeout",
                detail: "No answer came within the time of this endpoint: the request may still have its effect.",
                headers: [("Retry-After", "1")])
        case .tooLarge:
            bodyTooLarge(limit: bodyLimit)
        case .refused(let reason):
            Refusal(
                status: 502, slug: "bad-gateway", error: "Bad gateway",
                detail: "The request could not be handed to a worker: \(reason).")
        }
    }
}
