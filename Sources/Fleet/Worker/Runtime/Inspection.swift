import Contracts
import JSON
import Logging
import Schema

/// Holds what a worker says against its contract: replies, refusals and events. Tests run with it; it parses everything again.
struct Inspection: Sendable {
    let contract: Contract
    let logger: Logger

    /// - Throws: a 500 when the reply is not what the contract says.
    func inspect(_ reply: Reply, of endpoint: EndpointContract) throws(ServiceError) {
        if let status = reply.status {
            let refusal = ServiceError(status: status, problem: reply.body, otherwise: "")
            return try inspect(refusal, of: endpoint)
        }
        guard let schema = endpoint.reply else { return }
        guard let document = try? JSONReader.parse(reply.body, limits: JSONLimits(bytes: 64 << 20)) else {
            throw breach("the reply of \(endpoint.subject) is no JSON")
        }
        if let faults = schema.validate(document) { throw breach("the reply of \(endpoint.subject): \(faults)") }
    }

    /// - Throws: a 500 when the contract does not list the refusal.
    func inspect(_ refusal: ServiceError, of endpoint: EndpointContract) throws(ServiceError) {
        let isDeclared = endpoint.errors.contains { $0.type == refusal.type && $0.status == refusal.status }
        guard !isDeclared else { return }
        throw breach("\(endpoint.subject) does not declare the error \(refusal.status) \(refusal.type)")
    }

    /// - Throws: a 500 when the event's payload is not what the contract says.
    func inspect(_ event: NewEvent) throws(ServiceError) {
        guard let schema = contract.stream?.type(named: event.type)?.payload else { return }
        guard let document = try? JSONReader.parse(event.payload) else {
            throw breach("the payload of \(event.type) is no JSON")
        }
        if let faults = schema.validate(document) { throw breach("the payload of \(event.type): \(faults)") }
    }

    /// What to answer in place of a refusal that the contract does not list; nil when it does.
    func breach(by refusal: ServiceError, of endpoint: EndpointContract) -> ServiceError? {
        do { try inspect(refusal, of: endpoint) } catch { return error }
        return nil
    }

    private func breach(_ what: String) -> ServiceError {
        logger.critical("breach of the contract", metadata: ["worker": "\(contract.name)", "breach": "\(what)"])
        return ServiceError(500, "internal", "breach of the contract: \(what)")
    }
}
