public import JSON

/// Why a request was refused: a problem document (RFC 9457), the one shape of every error body of the fleet, over HTTP and
/// over NATS alike.
///
/// `error` is the member that the reference's clients read; `errors` names single fields (RFC 9457, section 3.2).
public struct Problem: Error, Sendable {
    /// Media type of the encoded document.
    public static let mediaType = "application/problem+json"

    /// Last part of `type`, `urn:flotilla:problem:<slug>`: lowercase words with hyphens, for programs to tell problems apart.
    public let slug: String
    /// The slug in words.
    public let title: String
    /// HTTP status, which is `Nats-Service-Error-Code` in a reply.
    public var status: Int
    /// What was wrong with this request and what to do about it.
    public var detail: String?
    /// Short text for people; ``title`` when it is not given.
    public var error: String
    /// What is wrong with single fields.
    public var errors: [FieldError]
    /// The `X-Request-Id` of the request, which is `Flotilla-Request-Id` over NATS.
    public var requestID: String?
    /// Further members, for instance the moves that would have been allowed.
    public var members: [(name: String, value: JSONValue)]

    public init(
        status: Int, slug: String, error: String? = nil, detail: String? = nil, errors: [FieldError] = [],
        requestID: String? = nil, members: [(name: String, value: JSONValue)] = []
    ) {
        self.slug = slug
        title = Self.title(of: slug)
        self.status = status
        self.detail = detail
        self.error = error ?? title
        self.errors = errors
        self.requestID = requestID
        self.members = members
    }

    /// The document's bytes.
    public func encoded() -> [UInt8] {
        JSONWriter.object { writeMembers(to: &$0) }
    }

    private func writeMembers(to writer: inout JSONWriter) {
        writer.field("type", "urn:flotilla:problem:\(slug)")
        writer.field("title", title)
        writer.field("status", status)
        writer.fieldIfPresent("detail", detail)
        writer.field("error", error)
        if !errors.isEmpty { writer.field("errors", errors) }
        for member in members { writer.field(member.name, member.value) }
        writer.fieldIfPresent("requestId", requestID)
    }
}
