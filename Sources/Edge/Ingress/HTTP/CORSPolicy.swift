/// Which browsers' pages may call the API, as the fetch standard has it; the values of the reference's gateway.
package struct CORSPolicy: Sendable {
    package var origins = ["http://localhost:3000", "https://myapp.com"]
    package var methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    /// The reference's list, and what this API reads beside it.
    package var requestHeaders = [
        "Accept", "Accept-Version", "Content-Length", "Content-MD5", "Content-Type", "Date", "Authorization",
        "Idempotency-Key", "X-Request-Id", "traceparent",
    ]
    /// The reference's header, and what a page needs to see to retry or to report a failure.
    package var exposedHeaders = ["X-Auth-Token", "X-Request-Id", "Retry-After"]
    package var maxAge_s = 3600

    package init() {}

    /// Index of an allowed origin; compared byte by byte, as browsers send it in its canonical form.
    func index(of origin: String) -> Int? { origins.firstIndex(of: origin) }

    /// Headers of the answer to a preflight from an allowed origin, beside those of ``renderedForReplies``.
    var preflightHeaders: [(String, String)] {
        [
            ("Access-Control-Allow-Methods", methods.joined(separator: ", ")),
            ("Access-Control-Allow-Headers", requestHeaders.joined(separator: ", ")),
            ("Access-Control-Max-Age", String(maxAge_s)),
        ]
    }

    /// Header lines of every answer to a page of an allowed origin, in the order of ``origins``.
    var renderedForReplies: [[UInt8]] {
        origins.map { origin in
            let lines =
                "Access-Control-Allow-Origin: \(origin)\r\nAccess-Control-Allow-Credentials: true\r\n"
                + "Access-Control-Expose-Headers: \(exposedHeaders.joined(separator: ", "))\r\n"
            return Array(lines.utf8)
        }
    }
}
