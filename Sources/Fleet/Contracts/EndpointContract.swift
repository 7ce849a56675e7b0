public import Schema

/// What one endpoint of a worker promises.
public struct EndpointContract: Sendable, Hashable {
    /// The worker that answers.
    public let worker: String
    /// The endpoint's name in the service protocol: `[a-zA-Z0-9_-]+`. By default the subject without the worker: `products-list`.
    public let name: String
    /// The subject of requests; begins with the worker's name.
    public let subject: String
    public let description: String
    /// How the ingress offers it; nil when it is reached over NATS only.
    public let http: HTTPRoute?
    public let access: Access
    public let idempotency: Idempotency
    /// A second time changes nothing more, so that callers may retry without an idempotency key. Holds for every GET.
    public let isRepeatable: Bool
    /// From the arrival at the ingress or the call to the reply, retries included.
    public let timeout: Duration
    /// Bytes of a request's body.
    public let bodyLimit: Int
    /// The HTTP status of a good reply.
    public let successStatus: Int
    /// The body is no JSON and reaches the handler as it came.
    public let rawBody: Bool
    /// A body over HTTP is not looked at, whatever it is: all that counts is in the path and the query.
    public let ignoresBody: Bool
    /// The JSON object that the worker gets: body, path and query parameters together. Nil takes anything.
    public let request: JSONSchema?
    /// A good reply. Nil says nothing about it.
    public let reply: JSONSchema?
    /// HTTP headers that the ingress passes on as message headers.
    public let forwardedHeaders: [String]
    /// Whether the ingress says from where and in which session the caller asks, in the headers of ``CallerDetail``.
    public let callerDetails: Bool
    /// Per consumer of the ingress; nil for none.
    public let rateLimit: RateLimit?
    /// The problems that belong to this endpoint in particular.
    public let ownErrors: [ProblemContract]

    public init(
        worker: String, name: String? = nil, subject: String, description: String, http: HTTPRoute? = nil,
        access: Access, idempotency: Idempotency = .none, isRepeatable: Bool? = nil, timeout: Duration = .seconds(10),
        bodyLimit: Int = EndpointContract.defaultBodyLimit, successStatus: Int = 200, rawBody: Bool = false,
        ignoresBody: Bool = false, request: JSONSchema? = nil, reply: JSONSchema? = nil,
        forwardedHeaders: [String] = [], callerDetails: Bool = false, rateLimit: RateLimit? = Policies().rateLimit,
        errors: [ProblemContract] = []
    ) {
        self.worker = worker
        self.name = name ?? Self.defaultName(subject: subject)
        self.subject = subject
        self.description = description
        self.http = http
        self.access = access
        self.idempotency = idempotency
        self.isRepeatable = isRepeatable ?? (http?.method == .get)
        self.timeout = timeout
        self.bodyLimit = bodyLimit
        self.successStatus = successStatus
        self.rawBody = rawBody
        self.ignoresBody = ignoresBody
        self.request = request
        self.reply = reply
        self.forwardedHeaders = forwardedHeaders
        self.callerDetails = callerDetails
        self.rateLimit = rateLimit
        ownErrors = errors
    }

    /// 64 KiB.
    public static let defaultBodyLimit = 64 << 10

    static func defaultName(subject: String) -> String {
        subject.split(separator: ".").dropFirst().joined(separator: "-")
    }

    /// Every problem that it may answer with: its own, and those that follow from its properties.
    public var errors: [ProblemContract] {
        ownErrors + ProblemContract.common(to: self)
    }

    /// Whether the endpoint may answer with that problem.
    public func declares(problem type: String) -> Bool {
        errors.contains { $0.type == type }
    }
}

/// Who may call an endpoint. Workers call each other as themselves, which their NATS permissions allow or not.
public enum Access: String, Sendable, Hashable, CaseIterable {
    case anyone
    /// Someone who is signed in, staff included. Whose data it is, the handler decides.
    case customer
    case staff
    /// Workers only.
    case `internal`
}

/// Whether an endpoint takes an idempotency key.
public enum Idempotency: String, Sendable, Hashable, CaseIterable {
    case none
    case accepted
    case required
}
