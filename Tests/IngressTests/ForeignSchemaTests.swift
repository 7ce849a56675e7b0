import Contracts
import JSON
import NATS
import Schema
import Testing

@testable import Ingress

@Suite("schemas that are not used")
struct ForeignSchemaTests {
    private static func endpoint(_ metadata: [(String, String)], schemas: String? = nil) throws -> AnnouncedEndpoint {
        let members = metadata.map { JSONObject.Member(name: $0.0, value: .string($0.1)) }
        return AnnouncedEndpoint(
            ["name": "e", "subject": "s.a", "metadata": .object(JSONObject(members))], of: "s", isTrusted: false,
            schemas: schemas)
    }

    private static func contract(_ endpoint: AnnouncedEndpoint) throws -> EndpointContract {
        guard case .route(let contract, _) = endpoint.offer else { throw AnnouncementFault("\(endpoint.offer)") }
        return contract
    }

    @Test(
        "a schema that is malformed or has unknown keywords costs itself, not the route",
        arguments: [
            ("{", "no JSON that is taken: "), (#"{"a":1,"a":2}"#, "appears twice"),
            (#"{"default":\#(String(repeating: "9", count: 65))}"#, "the number is longer than 64"),
            ("7", "expected a schema"), ("[]", "expected a schema"),
            (#"{"type":"string"}"#, "no schema of an object"),
            (#"{"type":"object","$defs":{}}"#, "/$defs: unknown keyword"),
            (#"{"type":"object","anyOf":[{"required":["a"]}]}"#, "/anyOf"),
            (#"{"type":"object","allOf":[]}"#, "/allOf"), (#"{"type":"object","not":{}}"#, "/not"),
            (#"{"type":"object","properties":{"a":{"type":"integer","exclusiveMaximum":5}}}"#, "exclusiveMaximum"),
            (#"{"type":"object","properties":{"a":{"type":"array","uniqueItems":true}}}"#, "uniqueItems"),
            (#"{"type":["object","null"]}"#, "/type"), (#"{"type":"object","required":["a"]}"#, "no property"),
            (#"{"type":"object","$ref":"http://x"}"#, "$ref"), (##"{"$ref":"#/schemas/Nowhere"}"##, "no schema"),
            (#"{"type":"object","description":7}"#, "/description"),
        ])
    func unused(_ schema: String, _ reason: String) throws {
        for key in ["request", "reply"] where key == "request" || !schema.contains(#""string""#) {
            let announced = try Self.endpoint([("http", "POST /a"), (key, schema)])
            let contract = try Self.contract(announced)
            #expect(contract.request == nil && contract.reply == nil)
            #expect(announced.unused.count == 1)
            #expect(announced.unused.first?.hasPrefix("\(key): ") == true)
            #expect(announced.unused.first?.contains(reason) == true, "\(announced.unused)")
        }
    }

    @Test("a schema that is too large, or holds too much in one place, is not used")
    func tooLarge() throws {
        let many = (0..<300).map { #""a\#($0)":{}"# }.joined(separator: ",")
        for schema in [
            #"{"type":"object","description":"\#(String(repeating: "x", count: 64 << 10))"}"#,
            #"{"type":"object","properties":{\#(many)}}"#,
        ] {
            let announced = try Self.endpoint([("http", "POST /a"), ("request", schema)])
            #expect(try Self.contract(announced).request == nil)
            #expect(announced.unused.count == 1)
            let reason = announced.unused.first ?? ""
            #expect(reason.contains("JSON Schema of at most 64 KiB") || reason.contains("too many members"))
        }
    }

    @Test("what only tells people something does not keep a schema from being used")
    func annotations() throws {
        let announced = try Self.endpoint([
            ("http", "POST /a"),
            (
                "request",
                #"{"$schema":"https://json-schema.org/draft/2020-12/schema","$comment":"c","title":7,"type":"object","#
                    + #""deprecated":"yes","default":5,"examples":"none","properties":{"title":{"type":"string","#
                    + #""title":"t","examples":[5],"$comment":"c"},"pattern":{"type":"integer","default":"x"}}}"#
            ),
        ])
        #expect(announced.unused.isEmpty, "\(announced.unused)")
        let request = try #require(try Self.contract(announced).request)
        #expect(request.properties.map(\.name) == ["title", "pattern"])
        #expect(request.validate(["title": 5]) != nil)
        #expect(request.validate(["title": "x"]) == nil)
    }

    @Test("sound examples and titles stay for the documents")
    func soundAnnotations() throws {
        let announced = try Self.endpoint([
            ("http", "POST /a"),
            (
                "request",
                #"{"$schema":"x","title":"t","type":"object","properties":{"a":{"type":"integer"}},"examples":[{"a":1}]}"#
            ),
        ])
        let request = try #require(try Self.contract(announced).request)
        #expect(request.examples == [["a": 1]])
        #expect(request.document["title"] == "t" && request.document["$schema"] == nil)
    }

    @Test("a schema that contradicts the route is not used; the path's parameters are texts then")
    func contradictions() throws {
        for (more, reason) in [
            (#"{"type":"object"}"#, "the path's id is no string"),
            (#"{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}"#, "the path's id"),
            (#"{"type":"object","properties":{"id":{"type":"string"}}}"#, "the path's id is no string"),
            (#"{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}"#, "parameter q is no scalar"),
        ] {
            let announced = try Self.endpoint([("http", "GET /a/{id}"), ("query", "q"), ("request", more)])
            let contract = try Self.contract(announced)
            #expect(announced.unused.first?.contains(reason) == true, "\(announced.unused)")
            #expect(contract.http?.query == [QueryParameter(name: "q", kind: .string)])
            let request = try #require(contract.request)
            #expect(request.validate(["id": "1", "q": "x"]) == nil)
            #expect(request.validate(["q": "x"]) != nil)
        }
    }

    @Test("parameters of the query are known without a schema that can be used")
    func query() throws {
        let schema =
            #"{"type":"object","allOf":[],"properties":{"page":{"type":"integer","exclusiveMaximum":9},"#
            + #""all":{"type":"boolean"},"tags":{"type":"array"},"any":{},"q":{"type":"string"}}}"#
        let announced = try Self.endpoint([("http", "GET /a"), ("request", schema)])
        let expected: [QueryParameter] = [
            .init(name: "page", kind: .integer), .init(name: "all", kind: .boolean), .init(name: "q", kind: .string),
        ]
        #expect(try Self.contract(announced).http?.query == expected)
        let listed = try Self.endpoint([("http", "GET /a"), ("query", "any, page"), ("request", schema)])
        #expect(
            try Self.contract(listed).http?.query
                == [.init(name: "any", kind: .string), .init(name: "page", kind: .integer)])
    }

    @Test("a route whose schemas are not used serves requests, is documented, and is told once")
    func served() async throws {
        let contracts = try Door.contracts("w")
        let schema =
            #"{\"type\":\"object\",\"properties\":{\"page\":{\"type\":\"integer\",\"exclusiveMaximum\":9},\"id\":{}}}"#
        try await Lookout.open(contracts) { lookout in
            _ = try await PlayedService.start(
                lookout.nats, "s", [.http("s.a", "GET /a/{id}", #""request":"\#(schema)","reply":"{\"not\":{}}""#)])
            try await lookout.eventually { $0.routes == ["s GET /a/{id}"] }
            try await lookout.rounds(3)
            #expect(lookout.warnings.count == 2, "\(lookout.warnings)")
            #expect(lookout.warnings.allSatisfy { $0.hasPrefix("s | e | re") })
            let all = try ContractSet(contracts.contracts + lookout.contracts)
            let document = try JSONReader.parse(APIDocuments(all, version: "1.0.0").openAPI)
            let operation = try #require(document["paths"]?["/api/v1/a/{id}"]?["get"])
            #expect(operation["parameters"]?.array?.map { $0["name"] } == ["id", "page"])
            #expect(operation["requestBody"] == nil)
        }
        try await Door.open { door in
            let name = "s\(UInt64.random(in: 0 ... .max))"
            let service = try await PlayedService.start(
                door.nats, name,
                [
                    .http("\(name).a", "GET /\(name)/{id}", #""request":"\#(schema)""#),
                    .http("\(name).b", "POST /\(name)/{id}", #""request":"\#(schema)""#),
                ])
            let customer = door.bearer(try door.signer.token())
            try await door.eventually { try await $0.get("/\(name)/7", customer).status == 200 }
            let body = try await door.get("/\(name)/7?page=2", customer).mirroredBody
            #expect(body == #"{"id":"7","page":2}"#)
            let written = try await door.post("/\(name)/7", customer, #"{"any":[1]}"#).mirroredBody
            #expect(try JSONReader.parse(written ?? "").object?.members.map(\.name).sorted() == ["any", "id"])
            #expect(try await door.post("/\(name)/7", customer, "[]").status == 400)
            try await service.stop()
        }
    }
}
