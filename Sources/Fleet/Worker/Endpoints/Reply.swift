public import JSON

/// What an endpoint answers: JSON bytes, and the status of a refusal.
public struct Reply: Sendable {
    /// Nil is success: the contract names the HTTP status of that.
    public let status: Int?
    public let body: [UInt8]

    /// A success with bytes that are JSON already, for instance straight from a row.
    public init(_ body: [UInt8]) {
        status = nil
        self.body = body
    }

    init(status: Int?, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// A success with one JSON object.
    public static func object(_ body: (inout JSONWriter) -> Void) -> Reply {
        Reply(JSONWriter.object(body))
    }

    /// A refusal as a reply, so that it can be committed under an idempotency key and replayed.
    public init(_ error: ServiceError) {
        status = error.status
        body = error.problem(requestId: nil)
    }
}
