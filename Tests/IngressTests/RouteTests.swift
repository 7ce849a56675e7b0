import Contracts
import Testing

@testable import Ingress

@Suite("routes of contracts")
struct RouteTests {
    @Test("two contracts with the same route cannot be served")
    func sameRoute() throws {
        let route = try Door.contracts("w").contracts.flatMap { contract in
            try contract.endpoints.compactMap { endpoint in
                try endpoint.http.map { try Route(endpoint, $0, contract.policies, isHeldTo: true) }
            }
        }
        #expect(throws: IngressError.self) { try RouteTree(route + route) }
    }

    @Test(
        "a contract cannot forward what the ingress itself says",
        arguments: ["Flotilla-Actor", "traceparent", "nats-x", "Idempotency-Key", "host"])
    func ownHeaders(_ name: String) throws {
        let endpoint = EndpointContract(
            worker: "w", subject: "w.hook", description: "", http: HTTPRoute("POST /hook"), access: .anyone,
            forwardedHeaders: [name])
        #expect(throws: IngressError.self) {
            try Route(endpoint, try #require(endpoint.http), Policies(), isHeldTo: true)
        }
    }
}
