/// What HTTP calls a status (RFC 9110, section 15).
enum HTTPPhrase {
    static func text(_ status: Int) -> String {
        phrases[status] ?? (status < 300 ? "Success" : "Status \(status)")
    }

    private static let phrases = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No content", 400: "Bad request", 401: "Unauthorized",
        402: "Payment required", 403: "Forbidden", 404: "Not found", 405: "Method not allowed", 408: "Request timeout",
        409: "Conflict", 410: "Gone", 412: "Precondition failed", 413: "Content too large", 414: "URI too long",
        415: "Unsupported media type", 417: "Expectation failed", 422: "Unprocessable content", 423: "Locked",
        425: "Too early", 428: "Precondition required", 429: "Too many requests", 431: "Header fields too large",
        500: "Internal server error", 502: "Bad gateway", 503: "Service unavailable", 504: "Gateway timeout",
    ]
}
