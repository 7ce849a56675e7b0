import Contracts
import NIOCore
import Schema

/// One endpoint as the ingress needs it on the way of a request, taken from its contract once.
final class Route: Sendable, CustomStringConvertible {
    let method: String
    let segments: [HTTPRoute.Segment]
    /// `/orders/{id}`, for logs.
    let template: String
    let subject: String
    let access: Access
    let idempotency: Idempotency
    let bodyLimit: Int
    let successStatus: Int
    let rawBody: Bool
    let ignoresBody: Bool
    let forwardedHeaders: [String]
    /// Whether the worker is told where the caller asks from.
    let callerDetails: Bool
    let query: [QueryParameter]
    /// The members of its request, where the worker is known to refuse all others; nil otherwise.
    let closedMembers: Set<String>?
    /// Names of the path's parameters in order.
    let pathParameters: [String]

    /// From the request's header until the answer.
    let timeout: Duration
    let timeout_ms: Int64
    let timeout_nio: TimeAmount
    /// How long one attempt may take where a request that nobody answered in time may be repeated.
    let attemptTimeout: Duration
    /// A second time changes nothing more.
    let isRepeatable: Bool
    /// How often a request is sent at most.
    let attempts: Int

    var description: String { "\(method) \(template)" }

    /// - Parameter isHeldTo: whether the worker holds requests to the schema of the contract, as the fleet's own do.
    init(
        _ endpoint: EndpointContract, _ http: HTTPRoute, _ policies: Policies, isHeldTo: Bool
    ) throws(IngressError) {
        method = http.method.rawValue
        segments = http.segments
        template = http.path
        subject = endpoint.subject
        access = endpoint.access
        idempotency = endpoint.idempotency
        bodyLimit = endpoint.bodyLimit
        successStatus = endpoint.successStatus
        rawBody = endpoint.rawBody
        ignoresBody = endpoint.ignoresBody
        forwardedHeaders = endpoint.forwardedHeaders
        callerDetails = endpoint.callerDetails
        query = http.query
        pathParameters = http.parameters
        closedMembers = isHeldTo ? endpoint.request?.closedMembers : nil
        timeout = endpoint.timeout
        timeout_ms = Int64(endpoint.timeout / .milliseconds(1))
        timeout_nio = TimeAmount(endpoint.timeout)
        isRepeatable = endpoint.isRepeatable
        attempts = 1 + max(0, policies.retries.attempts)
        attemptTimeout = attempts > 1 ? min(policies.retries.perTry, endpoint.timeout) : endpoint.timeout
        for name in forwardedHeaders where ForwardedHeader.isReserved(name) {
            throw IngressError("\(endpoint.subject): the header \(name) is the ingress's own and cannot be forwarded")
        }
        guard (200...299).contains(successStatus) else {
            throw IngressError("\(endpoint.subject): the status \(successStatus) is none of success")
        }
        if rawBody, !pathParameters.isEmpty || !query.isEmpty {
            throw IngressError("\(endpoint.subject): a raw body leaves no place for path and query parameters")
        }
    }

    /// The routes of all endpoints that HTTP may reach.
    static func all(in set: ContractSet) throws(IngressError) -> [Route] {
        var routes: [Route] = []
        for contract in set.contracts {
            for endpoint in contract.endpoints where endpoint.access != .internal {
                guard let http = endpoint.http else { continue }
                routes.append(try Route(endpoint, http, contract.policies, isHeldTo: true))
            }
        }
        return routes
    }
}
