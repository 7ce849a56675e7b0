import Contracts
import Testing

@Suite("finding routes")
struct RouteTableTests {
    private let table = RouteTable(
        [
            "GET /products", "POST /products", "GET /products/{id}", "POST /products/import",
            "POST /products/{id}/restock",
            "GET /products/top/sellers", "GET /{any}/fallback/sellers", "GET /orders/{id}/items/{item}",
            "DELETE /orders/{id}",
        ].map {
            EndpointContract(
                worker: "shop", subject: "shop.\($0)", description: $0, http: HTTPRoute($0), access: .anyone)
        } + [EndpointContract(worker: "shop", subject: "shop.internal", description: "No route.", access: .internal)])

    private func found(_ method: HTTPMethod, _ path: String) -> String {
        switch table.match(method, path: path) {
        case .found(let endpoint, let parameters):
            ([endpoint.description] + parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
        case .methodNotAllowed(let methods): "only " + methods.map(\.rawValue).joined(separator: " ")
        case .notFound: "none"
        }
    }

    @Test(
        "the most literal route wins, from left to right",
        arguments: [
            (.get, "/products", "GET /products"), (.post, "/products", "POST /products"),
            (.get, "/products/7", "GET /products/{id} id=7"), (.post, "/products/import", "POST /products/import"),
            (.get, "/products/import", "GET /products/{id} id=import"),
            (.post, "/products/import/restock", "POST /products/{id}/restock id=import"),
            (.get, "/products/top/sellers", "GET /products/top/sellers"),
            (.get, "/products/fallback/sellers", "GET /{any}/fallback/sellers any=products"),
            (.get, "/orders/1/items/2", "GET /orders/{id}/items/{item} id=1 item=2"),
        ] as [(HTTPMethod, String, String)])
    func precedence(_ method: HTTPMethod, _ path: String, _ expected: String) {
        #expect(found(method, path) == expected)
    }

    @Test(
        "other paths are not found and other methods not allowed",
        arguments: [
            (.get, "", "none"), (.get, "/", "none"), (.get, "products", "none"), (.get, "/products/", "none"),
            (.get, "//products", "none"),
            (.get, "/Products", "none"), (.get, "/products/7/", "none"), (.get, "/orders/1/items/2/3", "none"),
            (.get, "/orders/1/items", "none"), (.get, "/a/b/c/d/e/f/g/h", "none"), (.put, "/products", "only GET POST"),
            (.delete, "/products/import", "only GET POST"), (.delete, "/products/7", "only GET"),
            (.get, "/orders/1", "only DELETE"),
        ] as [(HTTPMethod, String, String)])
    func misses(_ method: HTTPMethod, _ path: String, _ expected: String) {
        #expect(found(method, path) == expected)
    }

    @Test(
        "parameters are decoded, and refused when they cannot be",
        arguments: [
            ("/products/a%20b", "GET /products/{id} id=a b"), ("/products/%C3%A9", "GET /products/{id} id=é"),
            ("/products/a%2Fb", "GET /products/{id} id=a/b"), ("/products/%", "none"), ("/products/%2", "none"),
            ("/products/%zz", "none"),
            ("/products/%FF", "none"), ("/product%73", "none"), ("/products/+", "GET /products/{id} id=+"),
        ])
    func decoding(_ path: String, _ expected: String) {
        #expect(found(.get, path) == expected)
    }

    @Test("a part of a longer text can be matched")
    func substrings() {
        guard case .found(let endpoint, _) = table.match(.get, path: "/api/v1/products".dropFirst(7)) else {
            Issue.record("nothing found")
            return
        }
        #expect(endpoint.description == "GET /products")
    }
}
