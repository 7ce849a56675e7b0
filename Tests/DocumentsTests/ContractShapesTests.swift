import Contracts
import Documents
import JSON
import Testing

/// Shapes of contracts that the shipped ones do not have.
@Suite("documents of unusual contracts")
struct ContractShapesTests {
    private func openAPI(_ endpoint: String, schemas: String = "", foreign: Set<String> = []) throws -> JSONValue {
        let text = """
            worker: some_things
            version: 1.0.0
            description: Things.
            endpoints:
              - subject: some_things.change
                description: Changes a thing.
            \(endpoint)
            \(schemas)
            """
        let set = try ContractSet.read([ContractSource(name: "some_things.yaml", text: text)])
        return OpenAPIDocument(set, foreign: foreign, version: "1").json
    }

    private let thing = """
        schemas:
          Thing:
            description: A thing.
            type: object
            required: [id, size]
            properties:
              id: { type: string, description: The id. }
              size: { type: integer, description: The size. }
            examples: [{ id: a, size: 1 }, { id: b, size: 1 }]
        """

    @Test("the members of the path leave a body that is a reference")
    func cutReference() throws {
        let document = try openAPI(
            """
                http: PUT /things/{id}
                access: anyone
                request: { $ref: "#/schemas/Thing" }
                reply: { $ref: "#/schemas/Thing" }
            """, schemas: thing)
        let operation = document["paths"]?["/api/v1/things/{id}"]?["put"]
        let body = operation?["requestBody"]?["content"]?["application/json"]?["schema"]
        #expect(body?["required"] == ["size"] && body?["properties"]?.names == ["size"])
        #expect(body?["examples"] == [["size": 1]])
        let reply = operation?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
        #expect(reply == ["$ref": "#/components/schemas/SomeThings_Thing"])
    }

    @Test("a key that is required is a header that is required, and a body of options need not be sent")
    func required() throws {
        let document = try openAPI(
            """
                http: POST /things
                access: customer
                idempotency: required
                request:
                  type: object
                  properties:
                    note: { type: string, description: A note. }
                  examples: [{ note: hello }]
            """)
        let operation = document["paths"]?["/api/v1/things"]?["post"]
        #expect(operation?["requestBody"]?["required"] == false)
        let key = operation?["parameters"]?[0]
        #expect(key?["name"] == "Idempotency-Key" && key?["required"] == true)
    }

    @Test("an endpoint without members takes no body")
    func empty() throws {
        let document = try openAPI(
            """
                http: POST /things
                access: anyone
            """)
        let operation = document["paths"]?["/api/v1/things"]?["post"]
        #expect(operation != nil && operation?["requestBody"] == nil && operation?["parameters"] == nil)
    }

    @Test("an internal endpoint is left out of HTTP and its schemas too")
    func hidden() throws {
        let document = try openAPI(
            """
                access: internal
                request: { $ref: "#/schemas/Thing" }
            """, schemas: thing)
        #expect(document["paths"]?.names.contains { $0.hasPrefix("/api") } == false)
        #expect(document["components"]?["schemas"]?.names == ["Problem"])
    }

    @Test("objects of the fleet are closed, those of services of others are as they say")
    func closed() throws {
        let endpoint = """
                http: POST /things
                access: anyone
                request: { $ref: "#/schemas/Thing" }
            """
        for foreign in [[], ["some_things"]] as [Set<String>] {
            let document = try openAPI(endpoint, schemas: thing, foreign: foreign)
            let closed = document["components"]?["schemas"]?["SomeThings_Thing"]?["additionalProperties"]
            #expect(closed == (foreign.isEmpty ? false : nil))
        }
    }
}
