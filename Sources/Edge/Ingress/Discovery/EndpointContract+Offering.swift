import Contracts

extension EndpointContract {
    /// Services may give one name to several endpoints; contracts may not.
    func named(uniqueAmong others: [EndpointContract]) -> EndpointContract {
        let names = Set(others.map(\.name))
        guard names.contains(name), let number = (2...1000).first(where: { !names.contains("\(name)-\($0)") }) else {
            return self
        }
        return EndpointContract(
            worker: worker, name: "\(name)-\(number)", subject: subject, description: description, http: http,
            access: access, idempotency: idempotency, isRepeatable: isRepeatable, timeout: timeout,
            bodyLimit: bodyLimit, successStatus: successStatus, request: request, reply: reply)
    }

    /// The same with no more said of its request than the route says, and nothing of its reply.
    func withoutSchemas(_ http: HTTPRoute) -> EndpointContract {
        EndpointContract(
            worker: worker, name: name, subject: subject, description: description, http: http, access: access,
            idempotency: idempotency, isRepeatable: isRepeatable, timeout: timeout, bodyLimit: bodyLimit,
            successStatus: successStatus, request: EndpointMetadata.sketch(of: http), reply: nil)
    }
}
