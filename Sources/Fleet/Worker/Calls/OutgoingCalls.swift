import Contracts
import Logging
import NATS
import Reactor

/// Requests to other workers, by what their contracts say: time for a try, tries, breaker.
@Reactor
final class OutgoingCalls {
    private let nats: NATSConnection
    private let contracts: ContractSet
    private let allowed: Set<String>
    private var breakers: [String: CircuitBreaker] = [:]

    init(nats: NATSConnection, contracts: ContractSet, caller: Contract) {
        self.nats = nats
        self.contracts = contracts
        allowed = Set(caller.calls)
    }

    /// - Throws: ``ServiceError`` as the callee answered it, or a 503 or 504 of its own.
    func call(
        _ subject: String, _ body: [UInt8], headers: NATSHeaders, hasIdempotencyKey: Bool, deadline: Deadline
    ) async throws(ServiceError) -> [UInt8] {
        guard allowed.contains(subject), let endpoint = contracts.endpoint(subject: subject),
            let callee = contracts[endpoint.worker]
        else {
            throw ServiceError(500, "internal", "the contract does not allow a call of \(subject)")
        }
        let policies = callee.policies
        var breaker =
            breakers[subject]
            ?? CircuitBreaker(
                threshold: policies.breaker.consecutiveErrors, pause: policies.breaker.openFor)
        guard breaker.admits(at: .now) else {
            let pause = breaker.remaining(at: .now)?.components.seconds ?? 0
            throw .unavailable(
                "\(callee.name) keeps failing; calls are held back for a while", retryAfter_s: Int(pause) + 1)
        }
        breakers[subject] = breaker
        let began = ContinuousClock.now
        let outcome = await attempt(
            subject, body, headers: headers, isRepeatable: endpoint.isRepeatable || hasIdempotencyKey,
            retries: policies.retries, deadline: deadline)
        breaker = breakers[subject] ?? breaker
        switch outcome {
        case .failure(let error) where error.status >= 500: breaker.fail(at: .now, began: began)
        case .success, .failure: breaker.succeed()
        case nil: breaker.withdraw(at: .now)
        }
        breakers[subject] = breaker
        guard let outcome else { throw .unavailable("\(subject) could not be called in time") }
        return try outcome.get()
    }

    /// - Returns: nil when there was no time left for even one try.
    private func attempt(
        _ subject: String, _ body: [UInt8], headers: NATSHeaders, isRepeatable: Bool, retries: Retries,
        deadline: Deadline
    ) async -> Result<[UInt8], ServiceError>? {
        var failure: ServiceError?
        for attempt in 0...retries.attempts {
            let time = min(retries.perTry, deadline.remaining)
            guard time > .zero else { break }
            do {
                let message = try await nats.request(subject, headers: headers, body: body, timeout: time)
                if let error = ServiceError(reply: message) { return .failure(error) }
                return .success(message.body)
            } catch {
                failure = ServiceError(unanswered: subject, error)
                let mayRetry = error.code == .noResponders || isRepeatable
                guard mayRetry, attempt < retries.attempts else { break }
            }
            // Doubling, with jitter, so that a worker that comes back is not met by all callers at once.
            let pause = Duration.milliseconds(Int.random(in: 25...50) << attempt)
            guard pause < deadline.remaining else { break }
            do { try await Reactor.sleep(for: pause) } catch { break }
        }
        return failure.map { .failure($0) }
    }
}

extension ServiceError {
    init(unanswered subject: String, _ error: NATSError) {
        switch error.code {
        case .timeout: self.init(504, "deadline-exceeded", "\(subject) did not answer in time", retryAfter_s: 1)
        case .noResponders: self = .unavailable("nobody serves \(subject) at the moment")
        default: self = .unavailable("\(subject) could not be called: \(error)")
        }
    }
}
