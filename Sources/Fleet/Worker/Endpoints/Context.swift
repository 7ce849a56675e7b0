public import Logging
public import Postgres
public import Reactor

/// What a handler has at hand: the schema, the fleet, and who asked.
@Reactor
public final class Context {
    /// Who asks; `internal` for periodic tasks.
    public let caller: Caller
    /// Names the request in logs and replies.
    public let requestId: String?
    /// W3C trace context; goes into calls and events that the request causes.
    public let trace: String?
    /// The caller's key, unquoted; nil when there is none.
    public let idempotencyKey: String?
    /// No answer is wanted after this moment.
    public let deadline: Deadline
    public let logger: Logger

    let services: Services
    /// What its events say of why they were appended.
    let cause: EventCause
    private let headers: @Reactor (String) -> String?
    let idempotency: IdempotencyScope?

    init(
        services: Services, caller: Caller = .internal, command: String? = nil, task: String? = nil,
        requestId: String? = nil, trace: String? = nil,
        idempotencyKey: String? = nil, idempotency: IdempotencyScope? = nil, deadline: Deadline,
        headers: @escaping @Reactor (String) -> String? = { _ in nil }
    ) {
        self.services = services
        self.caller = caller
        self.requestId = requestId
        self.trace = trace
        self.idempotencyKey = idempotencyKey
        self.idempotency = idempotency
        self.deadline = deadline
        self.headers = headers
        cause = EventCause(
            trace: trace, actor: caller.header, command: command, requestId: requestId, task: task)
        logger = services.logger
    }

    /// The pool of the worker's own schema; statements end at the request's deadline.
    public var database: PostgresPool { services.database }

    /// A header that the contract forwards, for instance `Stripe-Signature`.
    public func header(_ name: String) -> String? { headers(name) }

    /// A key for a call that this request causes: the same each time the request comes again under its idempotency key;
    /// nil when it has none.
    public func derivedIdempotencyKey(for subject: String) -> String? {
        idempotency?.derivedKey(for: subject)
    }

    /// Runs one statement: one round trip, its own transaction.
    public func query(_ statement: Statement, _ parameters: Parameter...) async throws -> Rows {
        try await services.database.query(Query(statement, parameters: parameters), deadline: deadline.instant)
    }
}
