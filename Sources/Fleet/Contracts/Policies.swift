/// How the ingress and other workers treat a worker.
public struct Policies: Sendable, Hashable {
    /// Nil for none.
    public var rateLimit: RateLimit?
    public var retries: Retries
    /// For a whole request, retries included, unless its endpoint says otherwise.
    public var timeout: Duration
    public var breaker: Breaker

    /// The safe defaults: 100 a minute and 1,000 an hour, one retry of 5 s within 10 s, open for 30 s after 5 errors.
    public init(
        rateLimit: RateLimit? = RateLimit(perMinute: 100, perHour: 1000),
        retries: Retries = Retries(attempts: 1, perTry: .seconds(5)), timeout: Duration = .seconds(10),
        breaker: Breaker = Breaker(consecutiveErrors: 5, openFor: .seconds(30))
    ) {
        self.rateLimit = rateLimit
        self.retries = retries
        self.timeout = timeout
        self.breaker = breaker
    }
}

/// Requests of one consumer, or of one address when nobody is signed in.
public struct RateLimit: Sendable, Hashable {
    public let perMinute: Int
    public let perHour: Int

    public init(perMinute: Int, perHour: Int) {
        self.perMinute = perMinute
        self.perHour = perHour
    }
}

/// Only for requests that nobody received or that may be repeated.
public struct Retries: Sendable, Hashable {
    /// Tries after the first.
    public let attempts: Int
    /// How long each try may take.
    public let perTry: Duration

    public init(attempts: Int, perTry: Duration) {
        self.attempts = attempts
        self.perTry = perTry
    }
}

/// When calls are refused without being tried.
public struct Breaker: Sendable, Hashable {
    public let consecutiveErrors: Int
    public let openFor: Duration

    public init(consecutiveErrors: Int, openFor: Duration) {
        self.consecutiveErrors = consecutiveErrors
        self.openFor = openFor
    }
}
