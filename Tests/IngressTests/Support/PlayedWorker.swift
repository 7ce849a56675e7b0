import Contracts
import JSON
import Schema

extension PlayedService.Endpoint {
    /// What the fleet's workers announce of an endpoint.
    init(_ endpoint: EndpointContract) {
        var texts: [JSONObject.Member] = []
        func add(_ name: String, _ text: String?) {
            if let text { texts.append(.init(name: name, value: .string(text))) }
        }
        add("description", endpoint.description)
        add("access", endpoint.access.rawValue)
        add("idempotency", endpoint.idempotency.rawValue)
        add("timeout", "\(Int64(endpoint.timeout / .milliseconds(1)))ms")
        add("body_limit", "\(endpoint.bodyLimit)")
        if let http = endpoint.http {
            add("http", "\(http)")
            add("method", http.method.rawValue)
            add("path", http.path)
            add("status", "\(endpoint.successStatus)")
            if !http.query.isEmpty { add("query", http.query.map(\.name).joined(separator: ",")) }
        }
        add("request", endpoint.request.map { "\($0.document)" })
        add("reply", endpoint.reply.map { "\($0.document)" })
        self.init(endpoint.subject, "\(JSONValue.object(JSONObject(texts)))", name: endpoint.name)
    }
}

extension PlayedService {
    /// What the fleet's workers announce of themselves.
    static func info(_ contract: Contract, id: String) -> String {
        let schemas = JSONValue.object(
            JSONObject(contract.schemas.map { .init(name: $0.name, value: $0.schema.document) }))
        return info(
            contract.name, id, contract.version, contract.endpoints.map(Endpoint.init),
            metadata: #"{"host":"h","schemas":\#(JSONValue.string("\(schemas)"))}"#)
    }

    /// An announcement with schemas for all endpoints.
    static func info(_ name: String, id: String, schemas: String, _ endpoints: [Endpoint]) -> String {
        info(name, id, "1.0.0", endpoints, metadata: #"{"schemas":\#(JSONValue.string(schemas))}"#)
    }
}
