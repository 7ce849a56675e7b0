import Contracts
import Deployment
import Foundation
import Testing

@Suite("differences between contracts")
struct ContractDiffTests {
    private static let yaml = """
        worker: shop
        version: 1.0.0
        description: A shop.
        policies:
          rateLimit: { perMinute: 100, perHour: 1000 }
          timeout: 10s
        endpoints:
          - subject: shop.buy
            description: Buys.
            http: POST /things/{id}/buy
            access: customer
            status: 201
            idempotency: accepted
            bodyLimit: 8KiB
            request:
              type: object
              required: [id, count]
              properties:
                id: { type: string, format: uuid, description: Which. }
                count: { type: integer, minimum: 1, maximum: 100, description: How many. }
                color: { type: string, enum: [red, blue], description: In what color. }
                parts:
                  description: Its parts.
                  type: array
                  maxItems: 10
                  items: { $ref: "#/schemas/Part" }
              examples: [{ id: 0190f3a1-5c77-7e02-9a4b-2f6d8c1e7b90, count: 2, color: red }]
            reply: { $ref: "#/schemas/Thing" }
            errors:
              sold-out: 409 there is none left
          - subject: shop.list
            description: Lists.
            http: GET /things
            access: anyone
            request:
              type: object
              properties:
                limit: { type: integer, minimum: 1, maximum: 50, default: 10, description: At most so many. }
              examples: [{ limit: 3 }]
            reply: { $ref: "#/schemas/Thing" }
        stream:
          name: SHOP_EVENTS
          prefix: shop-events
          aggregate: thing
          partitions: 3
          retention: 7d
          events:
            THING_SOLD:
              description: Sold.
              payload:
                type: object
                required: [thing]
                properties:
                  thing: { description: The thing., $ref: "#/schemas/Thing" }
                examples: [{ thing: { state: new, price: 1.50 } }]
            THING_LOST:
              description: Lost.
              payload:
                type: object
                required: [id]
                properties:
                  id: { type: string, description: Which. }
                examples: [{ id: a }]
        schemas:
          Part:
            description: A part.
            type: object
            required: [size]
            properties:
              size: { type: number, minimum: 0.5, description: How large. }
            examples: [{ size: 1 }]
          Thing:
            description: A thing.
            type: object
            required: [state, price]
            properties:
              state: { type: string, enum: [new, used], description: Its state. }
              price: { type: number, multipleOf: 0.01, description: Its price. }
              note: { type: string, maxLength: 20, description: A note. }
            examples: [{ state: new, price: 1.50 }]

        """

    private static func set(_ text: String) throws -> ContractSet {
        try ContractSet.read([ContractSource(name: "subjects/shop.yaml", text: text)])
    }

    /// What changes when texts of the contract are replaced; the version is raised unless it is among them.
    private func diff(_ replacements: [(String, String)], version: String = "2.0.0") throws -> ContractDiff {
        var text = Self.yaml
        for (old, new) in replacements {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        return try ContractDiff(
            old: Self.set(Self.yaml), new: Self.set(text.replacing("version: 1.0.0", with: "version: \(version)")))
    }

    @Test("there are none without a change")
    func none() throws {
        let diff = try diff([], version: "1.0.0")
        #expect(diff.changes.isEmpty && diff.text.isEmpty && !diff.isBreaking)
    }

    @Test("there are none between the shipped contracts and themselves")
    func shipped() throws {
        let set = try ContractSet.load(directory: Broker.folder)
        #expect(ContractDiff(old: set, new: set).changes.isEmpty)
    }

    @Test(
        "what breaks is said so",
        arguments: [
            ("POST /things/{id}/buy", "PUT /things/{id}/buy", "endpoint shop.buy: is PUT /things/{id}/buy, was POST"),
            ("http: GET /things", "http: GET /goods", "endpoint shop.list: is GET /goods, was GET /things"),
            ("shop.list", "shop.all", "endpoint shop.list: has another subject: shop.all"),
            ("access: anyone", "access: customer", "endpoint shop.list: access customer, was anyone"),
            ("access: customer", "access: staff", "endpoint shop.buy: access staff, was customer"),
            ("status: 201", "status: 200", "endpoint shop.buy: answers 200, was 201"),
            ("idempotency: accepted", "idempotency: required", "idempotency required, was accepted"),
            ("idempotency: accepted", "idempotency: none", "idempotency none, was accepted"),
            ("bodyLimit: 8KiB", "bodyLimit: 4KiB", "takes bodies of 4096 bytes, was 8192"),
            ("perMinute: 100", "perMinute: 50", "policy shop rateLimit: rate limit 50 a minute and 1000 an hour, was"),
            ("required: [id, count]", "required: [id, count, color]", "request /properties/color: is required now"),
            ("maximum: 100,", "maximum: 99,", "request /properties/count: maximum 99, was 100"),
            ("minimum: 1, maximum: 100", "minimum: 2, maximum: 100", "request /properties/count: minimum 2, was 1"),
            ("enum: [red, blue]", "enum: [red]", "request /properties/color: no longer blue"),
            ("maxItems: 10", "maxItems: 9", "request /properties/parts: maxItems 9, was 10"),
            ("size: { type: number, minimum: 0.5", "size: { type: integer, minimum: 0.5", "type integer, was number"),
            ("minimum: 0.5", "minimum: 0.75", "/properties/parts/items/properties/size: minimum 0.75, was 0.5"),
            ("enum: [new, used]", "enum: [new, used, gone]", "reply /properties/state: may be gone"),
            ("required: [state, price]", "required: [state]", "reply /properties/price: may be left out now"),
            ("multipleOf: 0.01", "multipleOf: 0.001", "payload /properties/thing/properties/price: multipleOf 0.001"),
            ("maxLength: 20", "maxLength: 30", "reply /properties/note: maxLength 30, was 20"),
            (
                "prefix: shop-events", "prefix: shop-news",
                "stream SHOP_EVENTS: subjects begin with shop-news, was shop-events"
            ),
            ("partitions: 3", "partitions: 4", "stream SHOP_EVENTS: 4 partitions, were 3"),
            ("name: SHOP_EVENTS", "name: SHOP", "stream SHOP: was called SHOP_EVENTS"),
            ("THING_LOST", "THING_GONE", "event SHOP_EVENTS THING_LOST: is gone"),
        ])
    func breaking(_ old: String, _ new: String, _ words: String) throws {
        let diff = try diff([(old, new)])
        #expect(diff.isBreaking)
        #expect(
            diff.text.split(separator: "\n").contains { $0.hasPrefix("breaking: ") && $0.contains(words) },
            "\(diff.text)")
    }

    @Test(
        "what breaks nobody is said, too",
        arguments: [
            ("access: customer", "access: anyone", "endpoint shop.buy: access anyone, was customer"),
            ("bodyLimit: 8KiB", "bodyLimit: 9KiB", "takes bodies of 9216 bytes, was 8192"),
            ("timeout: 10s", "timeout: 20s", "policy shop timeout: 20s, was 10s"),
            ("retention: 7d", "retention: 8d", "stream SHOP_EVENTS: keeps events for 8d, was 7d"),
            ("required: [id, count]", "required: [id]", "request /properties/count: may be left out now"),
            ("maximum: 100,", "maximum: 101,", "request /properties/count: maximum 101, was 100"),
            ("enum: [red, blue]", "enum: [red, blue, green]", "request /properties/color: may be green"),
            ("enum: [new, used]", "enum: [new]", "reply /properties/state: no longer used"),
            ("maxLength: 20", "maxLength: 10", "reply /properties/note: maxLength 10, was 20"),
            ("multipleOf: 0.01", "multipleOf: 0.10", "reply /properties/price: multipleOf 0.10, was 0.01"),
            ("default: 10", "default: 20", "request /properties/limit: default 20, was 10"),
            ("sold-out: 409", "sold: 409", "endpoint shop.buy: may answer 409 sold"),
            ("description: Lists.", "description: Tells.", "endpoint shop.list: another description"),
            ("description: How many.", "description: So many.", "request: other descriptions or examples"),
        ])
    func compatible(_ old: String, _ new: String, _ words: String) throws {
        let diff = try diff([(old, new)], version: "1.1.0")
        #expect(!diff.isBreaking, "\(diff.text)")
        #expect(
            diff.text.split(separator: "\n").contains { $0.hasPrefix("change: ") && $0.contains(words) }, "\(diff.text)"
        )
    }

    @Test("a member that is gone breaks requests, replies and events; a new one does not unless a request needs it")
    func members() throws {
        let color = "        color: { type: string, enum: [red, blue], description: In what color. }\n"
        let note = "      note: { type: string, maxLength: 20, description: A note. }\n"
        let gone = try diff([(color, ""), (note, ""), (", color: red }", " }")])
        #expect(
            gone.changes.filter(\.isBreaking).map(\.place) == [
                "endpoint shop.buy, request /properties/color", "endpoint shop.buy, reply /properties/note",
                "endpoint shop.list, reply /properties/note",
                "event SHOP_EVENTS THING_SOLD, payload /properties/thing/properties/note",
            ])
        let added = try diff(
            [
                (color, color + color.replacing("color:", with: "paint:")),
                (note, note + note.replacing("note:", with: "hint:")),
            ], version: "1.1.0")
        #expect(!added.isBreaking)
        #expect(added.changes.map(\.words) == ["is new", "is new", "is new", "is new"])
        let needed = try diff([
            (color, color + color.replacing("color:", with: "paint:")),
            ("required: [id, count]", "required: [id, count, paint]"),
            ("color: red }", "color: red, paint: red }"),
        ])
        #expect(needed.text.contains("breaking: endpoint shop.buy, request /properties/paint: is new and required"))
    }

    @Test("endpoints and workers that are gone break, new ones do not")
    func endpoints() throws {
        let old = try Self.set(Self.yaml)
        let shop = try #require(old["shop"])
        func set(_ contracts: [Contract]) throws -> ContractSet { try ContractSet(contracts) }
        let fewer = Contract(
            name: "shop", version: "2.0.0", description: shop.description, policies: shop.policies,
            schemas: shop.schemas, endpoints: Array(shop.endpoints.dropLast()))
        let gone = ContractDiff(old: old, new: try set([fewer]))
        #expect(
            gone.text == """
                breaking: endpoint shop.list: is gone
                breaking: stream SHOP_EVENTS: is gone
                """)
        #expect(
            ContractDiff(old: try set([fewer]), new: old).text == """
                version: worker shop: version 1.0.0 is not above 2.0.0 although something changed
                change: endpoint shop.list: is new
                change: stream SHOP_EVENTS: is new
                """)
        #expect(ContractDiff(old: old, new: try set([])).text == "breaking: worker shop: is gone")
        #expect(ContractDiff(old: try set([]), new: old).text == "change: worker shop: is new")
    }

    @Test("a version that was not raised, or too little, is a finding of its own")
    func versions() throws {
        let harmless = ("retention: 7d", "retention: 8d")
        let same = try diff([harmless], version: "1.0.0")
        #expect(!same.isBreaking)
        #expect(same.changes.map(\.kind) == [.version, .compatible])
        #expect(try diff([harmless], version: "1.0.1").changes.map(\.kind) == [.compatible])
        #expect(try diff([harmless], version: "1.0.0-rc.1").changes.map(\.kind) == [.version, .compatible])
        #expect(try diff([], version: "1.2.0").text == "change: worker shop: version 1.2.0, was 1.0.0")
        let down = try diff([], version: "0.9.0")
        #expect(down.text == "version: worker shop: version 0.9.0 is below 1.0.0")
        #expect(!down.isBreaking)
        let breaking = try diff([("partitions: 3", "partitions: 4")], version: "1.9.0")
        #expect(
            breaking.text == """
                breaking: stream SHOP_EVENTS: 4 partitions, were 3
                version: worker shop: version 1.9.0 after 1.0.0 says that nothing breaks; expected 2.0.0
                """)
    }
}
