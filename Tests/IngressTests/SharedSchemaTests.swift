import Contracts
import FoundationEssentials
import JSON
import NATS
import Schema
import Testing

@testable import Ingress

@Suite("schemas of whole services")
struct SharedSchemaTests {
    private typealias Endpoint = PlayedService.Endpoint

    private static let subjects = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../subjects")

    private static func document(_ lookout: Lookout, _ contracts: ContractSet) throws -> JSONValue {
        let all = try ContractSet(contracts.contracts + lookout.contracts)
        return try JSONReader.parse(APIDocuments(all, version: "1.0.0").openAPI)
    }

    /// References of a document that lead to nothing.
    private static func dangling(_ document: JSONValue) -> [String] {
        var dangling: [String] = []
        var open = [document]
        while let value = open.popLast() {
            for member in value.object?.members ?? [] {
                open.append(member.value)
                guard member.name == "$ref", let text = member.value.string else { continue }
                let target = text.split(separator: "/").dropFirst().reduce(Optional(document)) { $0?[String($1)] }
                if target == nil || !text.hasPrefix("#/") { dangling.append(text) }
            }
            open += value.array ?? []
        }
        return dangling
    }

    private static func text(_ schema: String) -> String { "\(JSONValue.string(schema))" }

    @Test("the fleet's own workers are offered as their contracts say, by an ingress that has none of these contracts")
    func shippedWorkers() async throws {
        let shipped = try ContractSet.load(directory: Self.subjects.path)
        let contracts = try Door.contracts("w")
        try await Lookout.open(contracts, configure: { $0.keysSubject = "w.keys" }) { lookout in
            for contract in shipped.contracts {
                _ = try await PlayedService.start(
                    lookout.nats, contract.name, info: PlayedService.info(contract, id: "i1"), answers: [])
            }
            let expected = shipped.contracts.flatMap(\.endpoints).filter { $0.http != nil && $0.access != .internal }
            try await lookout.eventually { $0.routes.count == expected.count }
            #expect(lookout.warnings.allSatisfy { $0.contains("access anyone counts only") }, "\(lookout.warnings)")
            let found = lookout.contracts.flatMap(\.endpoints)
            for endpoint in expected {
                let own = try #require(found.first { $0.subject == endpoint.subject })
                #expect(own.http == endpoint.http)
                #expect(own.reply == nil || endpoint.reply != nil)
                #expect(own.request?.properties.map(\.name) == endpoint.request?.properties.map(\.name))
                #expect((own.reply == nil) == (endpoint.reply == nil), "\(endpoint.subject)")
            }
            #expect(Self.dangling(try Self.document(lookout, contracts)).isEmpty)
        }
    }

    @Test("a schema of the service is resolved, holds values to it, and is documented beside others of its name")
    func resolved() async throws {
        let contracts = try Door.contracts("w")
        try await Lookout.open(contracts) { lookout in
            for (name, stars) in [("one", 5), ("two", 7)] {
                let item =
                    ##"{"Item":{"type":"object","required":["stars"],"properties":{"stars":{"$ref":"#/schemas/Stars"}}},"##
                    + #""Stars":{"type":"integer","minimum":1,"maximum":\#(stars)}}"#
                let list =
                    #"{"type":"object","required":["items"],"properties":{"items":{"type":"array","items":"#
                    + ##"{"$ref":"#/schemas/Item"}}}}"##
                _ = try await PlayedService.start(
                    lookout.nats, name,
                    info: PlayedService.info(
                        name, id: "i1", schemas: item,
                        [
                            .http(
                                "\(name).add", "POST /\(name)",
                                ##""request":"{\"$ref\":\"#/schemas/Item\"}","reply":\##(Self.text(list))"##)
                        ]), answers: [])
            }
            try await lookout.eventually { $0.routes == ["one POST /one", "two POST /two"] }
            #expect(lookout.warnings.isEmpty, "\(lookout.warnings)")
            for (name, stars) in [("one", 5), ("two", 7)] {
                let contract = try #require(lookout.contracts.first { $0.name == name })
                #expect(contract.schemas.map(\.name) == ["Item", "Stars"])
                let request = try #require(contract.endpoints.first?.request)
                #expect(request.validate(["stars": .number(JSONNumber(Int64(stars)))]) == nil)
                #expect(request.validate(["stars": .number(JSONNumber(Int64(stars + 1)))]) != nil)
            }
            let document = try Self.document(lookout, contracts)
            #expect(Self.dangling(document).isEmpty)
            let components = try #require(document["components"]?["schemas"])
            #expect(components["One_Stars"]?["maximum"] == 5)
            #expect(components["Two_Stars"]?["maximum"] == 7)
        }
    }

    @Test("two versions may have other schemas by one name: what came later does without, as long as both are there")
    func versions() async throws {
        let contracts = try Door.contracts("w")
        try await Lookout.open(contracts, configure: { $0.discoveryGrace = .zero }) { lookout in
            func info(_ id: String, _ endpoint: String, _ maximum: Int) -> String {
                PlayedService.info(
                    "s", id: id, schemas: #"{"Item":{"type":"integer","maximum":\#(maximum)}}"#,
                    [
                        .http(
                            "s.\(endpoint)", "PUT /\(endpoint)/{id}",
                            #""request":"#
                                + Self.text(
                                    #"{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"#
                                        + ##""item":{"$ref":"#/schemas/Item"}}}"##))
                    ])
            }
            let old = try await PlayedService.start(
                lookout.nats, "s", id: "old", info: info("old", "a", 1), answers: [])
            try await lookout.eventually { $0.routes == ["s PUT /a/{id}"] }
            _ = try await PlayedService.start(lookout.nats, "s", id: "new", info: info("new", "b", 2), answers: [])
            try await lookout.eventually { $0.routes == ["s PUT /a/{id}", "s PUT /b/{id}"] }
            let text = "s | e | #/schemas/Item is another one in an instance that was found before"
            #expect(lookout.warnings == [text])
            #expect(lookout.contracts.first?.schemas.count == 1)
            let sketch = try #require(lookout.contracts.first?.endpoint(named: "e-2")?.request)
            #expect(sketch.validate(["id": "1", "item": "anything"]) == nil)
            #expect(sketch.validate(["id": 1]) != nil)
            let document = try Self.document(lookout, contracts)
            #expect(Self.dangling(document).isEmpty)
            let parameters = document["paths"]?["/api/v1/b/{id}"]?["put"]?["parameters"]?.array
            #expect(parameters?.first?["name"] == "id")
            try await old.stop()
            try await lookout.eventually {
                $0.routes == ["s PUT /b/{id}"] && $0.contracts.first?.schemas.first?.schema.document["maximum"] == 2
            }
        }
    }

    @Test("a fault in one schema of the service costs it, and whoever refers to it, and nothing else")
    func unsound() throws {
        let definitions = AnnouncedDefinitions(
            .string(
                ##"{"Good":{"type":"string"},"Bad":{"anyOf":[]},"User":{"type":"array","items":{"$ref":"#/schemas/Bad"}},"##
                    + ##""Lost":{"$ref":"#/schemas/Nowhere"},"Circle":{"$ref":"#/schemas/Circle"},"not a name":{},"##
                    + ##""Misfit":{"type":"integer","examples":["x"],"description":"d"},"##
                    + ##""Tree":{"type":"object","properties":{"left":{"$ref":"#/schemas/Tree"}}}}"##))
        #expect(definitions.all.keys.sorted() == ["Good", "Misfit", "Tree"])
        #expect(definitions.all["Misfit"]?.document == ["type": "integer", "description": "d"])
        #expect(definitions.faults.count == 4, "\(definitions.faults)")
        #expect(definitions.faults.contains { $0.contains("the schema Bad is not taken, nor are 1 that refer to it") })
        var schemas = AnnouncedSchemas(definitions)
        let usable = try schemas.usable(["type": "array", "items": ["$ref": "#/schemas/Tree"]])
        #expect(usable.definitions.map(\.name) == ["Tree"])
        #expect(throws: AnnouncementFault.self) { try schemas.usable(["$ref": "#/schemas/Bad"]) }
    }

    @Test(
        "schemas that are no object, too many or too large are not taken",
        arguments: [
            .string("[]"), .string("{"), 7, .string(#"{"A":"# + String(repeating: " ", count: 128 << 10) + "{}}"),
            .string("{\((0...256).map { #""A\#($0)":{}"# }.joined(separator: ","))}"),
        ] as [JSONValue])
    func bounds(_ announced: JSONValue) {
        let definitions = AnnouncedDefinitions(announced)
        #expect(definitions.all.isEmpty)
        #expect(definitions.faults.count == 1)
    }

    @Test("few bytes that refer to many schemas again and again are read up to a bound", .timeLimit(.minutes(1)))
    func work() throws {
        let properties = (0..<250).map {
            #""p\#($0)":{"type":"string","description":"\#(String(repeating: "x", count: 300))"}"#
        }
        let definition = #"{"type":"object","properties":{\#(properties.joined(separator: ","))}}"#
        let info = PlayedService.info(
            "s", id: "i1", schemas: #"{"A":\#(definition)}"#,
            (0..<200).map { .http("s.\($0)", "POST /x\($0)", ##""request":"{\"$ref\":\"#/schemas/A\"}""##) })
        let announcement = try ServiceAnnouncement(
            Array(info.utf8), of: ServiceInstance(name: "s", id: "i1"), isTrusted: false)
        let unused = announcement.endpoints.filter { !$0.unused.isEmpty }
        #expect(announcement.endpoints.count { if case .route = $0.offer { true } else { false } } == 200)
        #expect(150..<200 ~= unused.count)
        #expect(unused.allSatisfy { $0.unused == ["request: the schemas of the service are too large together"] })
    }
}
