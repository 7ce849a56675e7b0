import Contracts
import Documents
import Foundation
import JSON
import Schema
import Testing

@Suite("the AsyncAPI document of the shipped contracts")
struct AsyncAPITests {
    private let document: JSONValue
    private let contracts: ContractSet

    init() throws {
        document = try Shipped.asyncAPI()
        contracts = try Shipped.contracts.get()
    }

    @Test("its bytes are JSON, and the same every time")
    func bytes() throws {
        let bytes = AsyncAPIDocument(contracts, version: "1.2.3").encoded()
        #expect(try JSONReader.parse(bytes) == document)
        #expect(AsyncAPIDocument(contracts, version: "1.2.3").encoded() == bytes)
        if let folder = ProcessInfo.processInfo.environment["FLOTILLA_DOCUMENTS"] {
            try Data(bytes).write(to: URL(filePath: folder).appending(path: "asyncapi.json"))
        }
    }

    @Test("every reference leads somewhere")
    func references() {
        for reference in Set(document.references) { #expect(document.target(reference) != nil, "\(reference)") }
    }

    @Test("every event has a channel with its stream, its message and who sends it")
    func events() {
        for stream in contracts.contracts.compactMap(\.stream) {
            for type in stream.types {
                let key = "\(stream.name).\(type.name)"
                let channel = document["channels"]?[key]
                #expect(channel?["address"]?.string == "\(stream.prefix).{partition}.{aggregateId}.\(type.name)")
                #expect(channel?["parameters"]?.names == ["partition", "aggregateId"])
                #expect(channel?["x-stream"]?["name"]?.string == stream.name)
                #expect(channel?["x-stream"]?["partitions"]?.int64 == Int64(stream.partitions))
                let message = channel?["messages"]?[type.name]
                #expect(message?["payload"]?["properties"]?["eventType"]?["const"]?.string == type.name)
                #expect(message?["headers"]?["properties"]?["ce-type"]?["const"]?.string == type.name)
                #expect(document["operations"]?["\(stream.worker):send:\(key)"]?["action"] == "send")
            }
        }
        #expect(document["channels"]?["ORDER_EVENTS.ORDER_CREATED"]?["x-stream"]?["retention"] == "30d")
        #expect(document["channels"]?["ORDER_EVENTS.ORDER_CREATED"]?["x-stream"]?["duplicateWindow"] == "10m")
    }

    @Test("workers receive what they consume and nothing else")
    func consumers() {
        let received = (document["operations"]?.names ?? []).filter { $0.hasPrefix("orders:receive:") }
        #expect(
            Set(received) == [
                "orders:receive:PAYMENT_EVENTS.PAYMENT_CONFIRMED", "orders:receive:PAYMENT_EVENTS.PAYMENT_FAILED",
                "orders:receive:PAYMENT_EVENTS.PAYMENT_ACTION_REQUIRED",
                "orders:receive:PAYMENT_EVENTS.PAYMENT_VOIDED", "orders:receive:INVENTORY_EVENTS.STOCK_COMMITTED",
                "orders:receive:INVENTORY_EVENTS.STOCK_RELEASED",
            ])
    }

    @Test("every endpoint is a request with a reply, internal ones too")
    func endpoints() {
        for endpoint in contracts.contracts.flatMap(\.endpoints) {
            let operation = document["operations"]?[endpoint.subject]
            #expect(operation?["action"] == "receive" && operation?["reply"] != nil, "\(endpoint.subject)")
            #expect(document["channels"]?[endpoint.subject]?["address"]?.string == endpoint.subject)
            let key = document["channels"]?[endpoint.subject]?["messages"]?["request"]?["headers"]?["properties"]?[
                "Idempotency-Key"]
            #expect((key != nil) == (endpoint.idempotency != .none), "\(endpoint.subject)")
        }
        #expect(document["operations"]?["inventory.reserve"]?["x-callers"] == ["orders"])
    }

    @Test("examples of payloads fit their schemas")
    func examples() throws {
        let schemas = DocumentSchemas(document)
        var checked = 0
        for value in document.everything {
            guard let payload = value["payload"], value["contentType"] != nil else { continue }
            let compiled = try schemas.schema(payload)
            for example in (value["examples"]?.array ?? []).compactMap({ $0["payload"] }) {
                #expect(compiled.validate(example) == nil, "\(example)")
                checked += 1
            }
        }
        #expect(checked > 100)
    }

    @Test("a broker is named by its host and protocol")
    func servers() {
        let json = AsyncAPIDocument(contracts, version: "1", servers: ["nats://one:4222", "two:4222"]).json
        #expect(json["servers"]?["broker"] == ["host": "one:4222", "protocol": "nats"])
        #expect(json["servers"]?["broker2"] == ["host": "two:4222", "protocol": "nats"])
        #expect(document["servers"] == nil)
    }
}
