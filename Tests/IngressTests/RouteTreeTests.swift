import Contracts
import Testing

@testable import Ingress

@Suite("finding routes")
struct RouteTreeTests {
    private let tree: RouteTree

    init() throws {
        tree = try RouteTree(
            [
                "GET /products", "POST /products", "GET /products/{id}", "POST /products/import",
                "POST /products/{id}/restock", "GET /products/top/sellers", "GET /{any}/fallback/sellers",
                "GET /orders/{id}/items/{item}", "DELETE /orders/{id}",
            ].map { text in
                let http = try #require(HTTPRoute(text))
                return try Route(
                    EndpointContract(worker: "shop", subject: "shop.x", description: "", http: http, access: .anyone),
                    http, Policies(), isHeldTo: true)
            })
    }

    private func found(_ method: String, _ path: String) -> String {
        let bytes = Array(path.utf8)
        switch tree.match(method, bytes, 0..<bytes.count) {
        case .route(let route, let ranges):
            let parameters = zip(route.pathParameters, ranges).map {
                "\($0)=\(String(decoding: bytes[$1], as: UTF8.self))"
            }
            return (["\(route)"] + parameters).joined(separator: " ")
        case .otherMethods(let allow): return "only \(allow)"
        case .none: return "none"
        }
    }

    @Test(
        "the most literal route wins, from left to right",
        arguments: [
            ("GET", "/products", "GET /products"), ("POST", "/products", "POST /products"),
            ("GET", "/products/7", "GET /products/{id} id=7"), ("POST", "/products/import", "POST /products/import"),
            ("POST", "/products/import/restock", "POST /products/{id}/restock id=import"),
            ("GET", "/products/top/sellers", "GET /products/top/sellers"),
            ("GET", "/products/fallback/sellers", "GET /{any}/fallback/sellers any=products"),
            ("GET", "/orders/1/items/2", "GET /orders/{id}/items/{item} id=1 item=2"),
            ("HEAD", "/products", "GET /products"),
        ])
    func precedence(_ method: String, _ path: String, _ expected: String) {
        #expect(found(method, path) == expected)
    }

    @Test(
        "other paths are not found and other methods not allowed",
        arguments: [
            ("GET", "", "none"), ("GET", "/", "none"), ("GET", "products", "none"), ("GET", "/products/", "none"),
            ("GET", "//products", "none"), ("GET", "/Products", "none"), ("GET", "/products/7/", "none"),
            ("GET", "/orders/1/items/2/3", "none"), ("GET", "/orders/1/items", "none"),
            ("GET", String(repeating: "/a", count: 40), "none"), ("PUT", "/products", "only GET, HEAD, OPTIONS, POST"),
            ("GET", "/products/import", "only OPTIONS, POST"), ("DELETE", "/products/import", "only OPTIONS, POST"),
            ("DELETE", "/products/7", "only GET, HEAD, OPTIONS"), ("GET", "/orders/1", "only DELETE, OPTIONS"),
        ])
    func misses(_ method: String, _ path: String, _ expected: String) {
        #expect(found(method, path) == expected)
    }
}
