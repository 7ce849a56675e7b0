import Contracts
import FoundationEssentials
import JSON
import Logging
import NATS
import Postgres
import Reactor
import Schema

/// Answers the requests of one endpoint: deadline, limits, who may call, decoding, the handler, the reply.
@Reactor
final class EndpointServer {
    let contract: EndpointContract
    private let endpoint: Endpoint
    private let services: Services
    private let load: RequestLoad
    private(set) var statistics = EndpointStatistics()
    private(set) var subscription: NATSSubscription?

    /// The queue group of all endpoints (ADR-32's default).
    static let queueGroup = "q"

    init(contract: EndpointContract, endpoint: Endpoint, services: Services, load: RequestLoad) {
        self.contract = contract
        self.endpoint = endpoint
        self.services = services
        self.load = load
    }

    func subscribe() throws(NATSError) {
        subscription = try services.nats.subscribe(contract.subject, queue: Self.queueGroup) { [weak self] message in
            self?.receive(message)
        }
    }

    private func receive(_ message: NATSMessage) {
        guard services.replySubjects.allow(message) else { return }
        let began = ContinuousClock.now
        let deadline = Deadline(header: message.header(Deadline.header), longest: contract.timeout)
        guard !deadline.hasPassed else {
            statistics.expired += 1
            return
        }
        guard load.begin() else {
            statistics.shed += 1
            answer(message, .failure(.overloaded), began: began)
            return
        }
        // Unstructured, because requests come from a socket and not from a task; `load` bounds and counts them, and the
        // drain waits for the count to fall to zero. It starts here and now, without a trip through the queue.
        Reactor.start { [self] in
            let result = await handle(message, deadline: deadline)
            answer(message, result, began: began)
            load.end()
        }
    }

    private func handle(_ message: NATSMessage, deadline: Deadline) async -> Result<Reply, ServiceError> {
        do {
            let context = try admit(message, deadline: deadline)
            do {
                let reply = try await answer(message.body, context)
                try services.inspection?.inspect(reply, of: contract)
                return .success(reply)
            } catch {
                return await resolve(error, context)
            }
        } catch {
            return .failure(error)
        }
    }

    private func answer(_ body: [UInt8], _ context: Context) async throws -> Reply {
        switch endpoint.handler {
        case .raw(let handle): return try await handle(body, context)
        case .json(let handle): return try await handle(try decode(body), context)
        }
    }

    /// Parses the body and holds it against the contract.
    private func decode(_ body: [UInt8]) throws(ServiceError) -> JSONValue {
        let document: JSONValue
        do {
            // An empty message is an empty object: `nats req inventory.products.list ''` is a complete request.
            document = body.isEmpty ? .object(JSONObject()) : try JSONReader.parse(body)
        } catch {
            throw .malformedJSON(error)
        }
        if let faults = contract.request?.validate(document) { throw .validation(faults) }
        return document
    }

    /// Checks everything that can be checked without the body.
    private func admit(_ message: NATSMessage, deadline: Deadline) throws(ServiceError) -> Context {
        guard let caller = Caller(header: message.header(MessageHeader.actor)) else {
            throw .invalid("", "the \(MessageHeader.actor) header must be customer:<uuid>, staff:<uuid> or anonymous")
        }
        guard caller.may(contract.access) else {
            throw ServiceError(caller == .anonymous ? .tokenRequired : .staffOnly)
        }
        let key = contract.idempotency == .none ? nil : message.header(MessageHeader.idempotencyKey)
        if let key {
            guard IdempotencyKey.isValid(key) else { throw ServiceError(.idempotencyKeyMalformed) }
        } else if contract.idempotency == .required {
            throw ServiceError(.idempotencyKeyMissing)
        }
        guard message.count <= contract.bodyLimit else { throw ServiceError(.tooLarge(limit: contract.bodyLimit)) }
        let scope = key.map {
            IdempotencyScope(subject: contract.subject, caller: caller, key: $0, body: message.body)
        }
        return Context(
            services: services, caller: caller, command: contract.subject,
            requestId: message.header(MessageHeader.requestId),
            trace: message.header(MessageHeader.trace), idempotencyKey: key, idempotency: scope, deadline: deadline,
            headers: { message.header($0) })
    }

    /// What to answer when the handler threw. Under an idempotency key the first request's answer wins over any failure
    /// of a repeated one.
    private func resolve(_ error: any Error, _ context: Context) async -> Result<Reply, ServiceError> {
        if let scope = context.idempotency {
            do {
                if let reply = try await scope.recorded(in: context.database, deadline: context.deadline) {
                    return .success(reply)
                }
            } catch let refusal as ServiceError {
                return .failure(refusal)
            } catch {
                return .failure(ServiceError(failure: error))
            }
            if let error = error as? PostgresError, error.sqlState == PostgresError.lockNotAvailable {
                return .failure(
                    ServiceError(
                        409, "idempotency-in-flight", "a request with this idempotency key is being worked on",
                        retryAfter_s: 1))
            }
        }
        let refusal = ServiceError(failure: error)
        if refusal.status == 500 {
            services.logger.error(
                "request failed",
                metadata: [
                    "subject": "\(contract.subject)", "request": "\(context.requestId ?? "-")", "error": "\(error)",
                ])
        }
        return .failure(refusal)
    }

    private func answer(_ message: NATSMessage, _ result: Result<Reply, ServiceError>, began: ContinuousClock.Instant) {
        let body: [UInt8]
        var refusal: ServiceError?
        switch result {
        case .success(let reply):
            body = reply.body
            refusal = reply.status.map { ServiceError(status: $0, problem: reply.body, otherwise: "refused") }
        case .failure(var error):
            if let breach = services.inspection?.breach(by: error, of: contract) { error = breach }
            body = error.problem(requestId: message.header(MessageHeader.requestId))
            refusal = error
        }
        statistics.count(
            ContinuousClock.now - began,
            error: refusal.map { "\($0.status):\($0.detail)" })
        guard message.wantsReply else { return }
        do { try services.nats.respond(to: message, headers: refusal?.headers ?? [], body: body) } catch {
            // The caller's own timeout tells it; what was committed stays committed and replays under its key.
            services.logger.debug("reply not sent", metadata: ["subject": "\(contract.subject)", "error": "\(error)"])
        }
    }
}
