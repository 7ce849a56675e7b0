import Contracts
import JSON
import Schema
import Testing

@testable import Ingress

@Suite("documents of services of others")
struct ForeignDocumentTests {
    private static func operation(_ http: String, _ request: String, definitions: String = "{}") throws -> (
        operation: JSONValue, document: JSONValue
    ) {
        let text = { (text: String) in String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }
        let instance = ServiceInstance(name: "s", id: "i")
        let info = PlayedService.info(
            "s", "i", "1.0.0", [.http("s.a", http, #""request":\#(text(request)),"reply":\#(text(request))"#)],
            metadata: #"{"schemas":\#(text(definitions))}"#)
        var member = ServiceRegistry.Member(instance: instance, standing: .stranger, order: 0, foundIn: 1)
        member.announcement = try ServiceAnnouncement(Array(info.utf8), of: instance, isTrusted: false)
        let contracts = try Door.contracts("w")
        let found = RouteAssembly.assemble(
            [member], RoutePrecedence(contracts, ownSubjects: [], trusted: [])
        ).contracts
        let all = try ContractSet(contracts.contracts + found)
        let document = try JSONReader.parse(APIDocuments(all, foreign: ["s"], version: "1.0.0").openAPI)
        let parts = http.split(separator: " ")
        let operation = document["paths"]?["/api/v1\(parts[1])"]?[parts[0].lowercased()]
        return (try #require(operation), document)
    }

    private static func body(_ operation: JSONValue) -> JSONValue? {
        operation["requestBody"]?["content"]?["application/json"]?["schema"]
    }

    @Test("objects stay as they were announced: open, unless the service closes them")
    func open() throws {
        let (operation, document) = try Self.operation(
            "POST /a",
            ##"{"type":"object","properties":{"in":{"type":"object","properties":{"x":{"type":"string"}}},"##
                + ##""shut":{"type":"object","properties":{},"additionalProperties":false},"it":{"$ref":"#/schemas/It"}}}"##,
            definitions: #"{"It":{"type":"object","properties":{"y":{"type":"string"}}}}"#)
        let body = try #require(Self.body(operation))
        let reply = operation["responses"]?["200"]?["content"]?["application/json"]?["schema"]
        #expect(body == reply)
        #expect(body["additionalProperties"] == nil)
        #expect(body["properties"]?["in"]?["additionalProperties"] == nil)
        #expect(body["properties"]?["shut"]?["additionalProperties"] == false)
        let it = document["components"]?["schemas"]?["S_It"]
        #expect(it?["properties"] != nil && it?["additionalProperties"] == nil)
        #expect(
            document["info"]?["description"]?.string?.contains("The fleet's own workers refuse members") == true)
    }

    @Test("what an open object may have beside the path's parameters is its body, but not with GET")
    func beside() throws {
        let request = #"{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}"#
        let body = Self.body(try Self.operation("PUT /a/{id}", request).operation)
        #expect(body?["type"] == "object" && body?["additionalProperties"] == nil)
        #expect(try Self.operation("GET /a/{id}", request).operation["requestBody"] == nil)
    }

    @Test(
        "examples and defaults with numbers that not everyone can read are left out, and nothing else",
        arguments: [
            ("1e999999999", false), ("1E-301", false), ("1e300", true), ("-1.5e+10", true),
            (String(repeating: "9", count: 41), false), (String(repeating: "9", count: 40), true),
            ("0." + String(repeating: "1", count: 41), false), ("1e99999999999999999999", false),
        ])
    func numbers(_ number: String, _ isReadable: Bool) throws {
        let operation = try Self.operation(
            "POST /a",
            #"{"type":"object","properties":{"n":{"type":"number","default":\#(number),"title":"t"}},"#
                + #""examples":[{"n":1},{"n":\#(number)}]}"#
        ).operation
        let body = try #require(Self.body(operation))
        #expect((body["properties"]?["n"]?["default"] != nil) == isReadable)
        #expect((body["examples"] != nil) == isReadable)
        #expect(body["properties"]?["n"]?["title"] == "t")
    }
}
