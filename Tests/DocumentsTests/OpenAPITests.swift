import Contracts
import Documents
import Foundation
import JSON
import Schema
import Testing

@Suite("the OpenAPI document of the shipped contracts")
struct OpenAPITests {
    private let document: JSONValue
    private let contracts: ContractSet

    init() throws {
        document = try Shipped.openAPI()
        contracts = try Shipped.contracts.get()
    }

    private var operations: [(path: String, method: String, value: JSONValue)] {
        (document["paths"]?.object?.members ?? []).flatMap { path in
            (path.value.object?.members ?? []).map { (path.name, $0.name, $0.value) }
        }
    }

    private func operation(_ method: String, _ path: String) -> JSONValue? { document["paths"]?[path]?[method] }

    @Test("its bytes are JSON, and the same every time")
    func bytes() throws {
        let bytes = OpenAPIDocument(contracts, version: "1.2.3").encoded()
        #expect(try JSONReader.parse(bytes) == document)
        #expect(OpenAPIDocument(contracts, version: "1.2.3").encoded() == bytes)
        if let folder = ProcessInfo.processInfo.environment["FLOTILLA_DOCUMENTS"] {
            try Data(bytes).write(to: URL(filePath: folder).appending(path: "openapi.json"))
        }
    }

    @Test("every reference leads somewhere, and every component is referred to")
    func references() {
        let references = Set(document.references)
        #expect(!references.isEmpty)
        for reference in references { #expect(document.target(reference) != nil, "\(reference)") }
        for kind in ["schemas", "responses", "headers"] {
            for name in document["components"]?[kind]?.names ?? [] {
                #expect(references.contains("#/components/\(kind)/\(name)"), "\(name)")
            }
        }
    }

    @Test("it has every endpoint that HTTP reaches, and no other one")
    func endpoints() throws {
        let expected = contracts.contracts.flatMap(\.endpoints).compactMap { endpoint in
            endpoint.access == .internal
                ? nil : endpoint.http.map { ("\($0.method.rawValue) /api/v1\($0.path)", endpoint) }
        }
        for (route, endpoint) in expected {
            let found = operations.first { "\($0.method.uppercased()) \($0.path)" == route }?.value
            #expect(found?["x-subject"]?.string == endpoint.subject, "\(route)")
            #expect(found?["tags"] == [.string(endpoint.worker)])
            #expect(found?["x-timeout-ms"]?.int64 == endpoint.timeout.components.seconds * 1000)
            #expect(found?["responses"]?[String(endpoint.successStatus)] != nil, "\(route)")
        }
        #expect(operations.filter { $0.value["x-subject"] != nil }.count == expected.count)
        for path in ["/", "/health", "/.well-known/jwks.json", "/openapi.json", "/asyncapi.json", "/docs"] {
            #expect(operation("get", path) != nil, "\(path)")
        }
    }

    @Test("operation ids are unique and made of the subject")
    func operationIds() {
        let ids = operations.compactMap { $0.value["operationId"]?.string }
        #expect(ids.count == operations.count && Set(ids).count == ids.count)
        #expect(ids.contains("inventory_products_list"))
    }

    @Test("parameters stand in the path or the query and no more in the body")
    func parameters() {
        let status = operation("patch", "/api/v1/orders/{id}/status")
        #expect(status?["parameters"]?[0]?["in"] == "path")
        let body = status?["requestBody"]?["content"]?["application/json"]?["schema"]
        #expect(body?["properties"]?.names == ["status"] && body?["required"] == ["status"])
        #expect(body?["examples"] == [["status": "shipped"]])
        #expect(body?["additionalProperties"] == false)
        #expect(status?["requestBody"]?["required"] == true)

        let list = operation("get", "/api/v1/products")
        #expect(list?["parameters"]?.array?.map { $0["in"] } == ["query", "query", "query"])
        #expect(list?["parameters"]?[0]?["schema"]?["maximum"]?.int64 == 100)
        #expect(list?["requestBody"] == nil)
        #expect(operation("post", "/api/v1/orders/{id}/cancel")?["requestBody"] == nil)
    }

    @Test("every parameter of a path is declared")
    func pathParameters() {
        for (path, _, operation) in operations {
            let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            let declared = (operation["parameters"]?.array ?? []).filter { $0["in"] == "path" }
            #expect(declared.compactMap { $0["name"]?.string } == names, "\(path)")
            #expect(declared.allSatisfy { $0["required"] == true }, "\(path)")
        }
    }

    @Test("every problem of an endpoint is an example of its status")
    func problems() {
        for endpoint in contracts.contracts.flatMap(\.endpoints) {
            guard let found = operations.first(where: { $0.value["x-subject"]?.string == endpoint.subject })?.value
            else { continue }
            for problem in endpoint.errors {
                let written = found["responses"]?[String(problem.status)]
                let response = written?["$ref"]?.string.flatMap { document.target($0) } ?? written
                let example = response?["content"]?["application/problem+json"]?["examples"]?[problem.type]
                #expect(example?["value"]?["type"]?.string == "urn:flotilla:problem:\(problem.type)", "\(problem)")
            }
        }
    }

    @Test("it says what the ingress refuses by itself")
    func ingress() {
        for (path, method, operation) in operations {
            let statuses = operation["responses"]?.names ?? []
            var expected = ["400", "405", "408", "414", "417", "431"]
            if operation["x-subject"] != nil { expected += ["413", "500", "502", "503", "504"] }
            if operation["security"] != [] { expected += ["401", "403"] }
            if path.contains("{") { expected.append("404") }
            #expect(Set(expected).isSubset(of: statuses), "\(method) \(path)")
            #expect(statuses == statuses.sorted() && Set(statuses).count == statuses.count)
        }
        let busy = operation("post", "/api/v1/orders")?["responses"]?["503"]
        #expect(busy?["headers"]?["Retry-After"]?["required"] == true)
    }

    @Test("who may call is said by security")
    func security() {
        #expect(operation("post", "/api/v1/users/login")?["security"] == [])
        #expect(operation("get", "/api/v1/orders/{id}")?["security"] == [["bearerAuth": []]])
        #expect(operation("post", "/api/v1/products")?["security"] == [["bearerAuth": ["staff"]]])
    }

    @Test("a raw body is any object, and what is forwarded is required")
    func rawBody() {
        let webhook = operation("post", "/api/v1/webhooks/stripe")
        #expect(
            webhook?["requestBody"]?["content"]?["application/json"]?["schema"]
                == ["type": "object", "additionalProperties": true])
        #expect(webhook?["parameters"]?[0]?["name"] == "Stripe-Signature")
        #expect(webhook?["parameters"]?[0]?["required"] == true)
        #expect(webhook?["responses"]?["415"] == nil && webhook?["x-rate-limit"] == nil)
    }

    @Test(
        "the pattern of idempotency keys takes what the ingress and the workers take",
        arguments: [
            ("a", true), ("0190f3a1-2b44", true), (#""quoted""#, true), (#""with space""#, true),
            (#""a\"b\\c""#, true),
            (String(repeating: "k", count: 255), true), (String(repeating: "k", count: 256), false), ("", false),
            ("with space", false), (#"""#, false), (#""""#, false), (#"" a""#, false), (#""a ""#, false),
            (#""a\b""#, false), (#"a"b"#, false), ("é", false),
        ])
    func idempotencyKey(key: String, isTaken: Bool) throws {
        let create = operation("post", "/api/v1/orders")
        let parameter = create?["parameters"]?.array?.first { $0["name"] == "Idempotency-Key" }
        #expect(parameter?["in"] == "header")
        let pattern = try Regex(try #require(parameter?["schema"]?["pattern"]?.string))
        #expect((key.wholeMatch(of: pattern) != nil) == isTaken)
    }

    @Test("examples of bodies, replies and parameters fit their schemas")
    func examples() throws {
        let schemas = DocumentSchemas(document)
        var checked = 0
        for value in document.everything {
            guard let schema = value["schema"], schema != ["type": "object", "additionalProperties": true] else {
                continue
            }
            let compiled = try schemas.schema(schema)
            let named = (value["examples"]?.object?.members ?? []).compactMap { $0.value["value"] }
            for example in compiled.examples + named + [value["example"]].compactMap({ $0 }) {
                #expect(compiled.validate(example) == nil, "\(example)")
                checked += 1
            }
        }
        #expect(checked > 100)
    }

    @Test("objects are closed unless their contract says otherwise")
    func closed() {
        for value in document.everything where value["type"] == "object" && value["properties"]?.object != nil {
            #expect(value["additionalProperties"] != nil)
        }
    }
}
