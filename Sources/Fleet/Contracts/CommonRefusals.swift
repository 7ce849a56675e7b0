extension Problem {
    /// `out-of-stock` reads "Out of stock".
    public static func title(of slug: String) -> String {
        let words = slug.replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

/// What the ingress and the workers both refuse: the same words through either door.
extension Problem {
    public static let tokenRequired = Problem(
        status: 401, slug: "unauthenticated", detail: "this endpoint needs a token of a customer or of staff")

    public static let staffOnly = Problem(status: 403, slug: "forbidden", detail: "this endpoint is for staff")

    /// A worker's refusal that has its reason in the headers of the message only.
    /// - Parameters:
    ///   - status: its `Nats-Service-Error-Code`.
    ///   - text: its `Nats-Service-Error`.
    public static func withoutDocument(status: Int, text: String?) -> Problem {
        Problem(status: status, slug: "status-\(status)", error: text, detail: text)
    }

    /// - Parameter limit: of the endpoint, in bytes.
    public static func tooLarge(limit: Int) -> Problem {
        Problem(
            status: 413, slug: "too-large",
            detail: "the body is larger than the \(limit) bytes that this endpoint takes")
    }

    public static let idempotencyKeyMissing = Problem(
        status: 400, slug: "idempotency-key-missing",
        detail: "this endpoint needs an Idempotency-Key, so that a repeated request has one effect")

    public static let idempotencyKeyMalformed = Problem(
        status: 400, slug: "idempotency-key-malformed",
        detail: "an Idempotency-Key is 1 to 255 printable ASCII characters, with no space at either end; over HTTP one "
            + "with spaces or quotes inside is written as a quoted string")
}
