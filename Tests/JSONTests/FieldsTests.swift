import FoundationEssentials
import JSON
import Testing

@Suite("reading fields")
struct FieldsTests {
    private enum Status: String, CaseIterable { case pending, shipped }

    private func errors(_ text: String, _ body: (inout Fields) -> Void) throws -> [String] {
        do {
            try Fields.read(JSONReader.parse(text), body)
            return []
        } catch let error as ValidationError {
            return error.errors.map(\.description)
        }
    }

    @Test("an order is read into its parts")
    func order() throws {
        let order = try SampleOrder.read(JSONReader.parse(SampleOrder.text))
        #expect(order.items.map(\.quantity) == [2, 1, 10])
        #expect(order.items.map(\.price) == [2999, 500, 50])
        #expect(order.userId.text == "01890a5d-ac96-774b-bcce-b302099a8057")
        #expect(order.city == "Test City")
    }

    @Test("all faults are found at once, each with its pointer")
    func allAtOnce() throws {
        let text = """
            {"userId":"x","items":[{"productId":7,"quantity":-3,"price":29.999},3,{"quantity":1,"price":1,"a/b~":0}],
            "shippingAddress":{"street":"","city":"a\\u0007","zipCode":null,"country":"USA"},"extra":1}
            """
        let error = try #require(throws: ValidationError.self) { try SampleOrder.read(JSONReader.parse(text)) }
        #expect(
            error.errors.map(\.description) == [
                #"/userId: expected a UUID, got "x""#,
                "/items/0/productId: expected a UUID, got 7",
                "/items/0/quantity: expected an integer from 1 to 1000, got -3",
                "/items/0/price: expected at most 2 decimal places, got 29.999",
                "/items/1: expected an object, got 3",
                "/items/2/productId: is missing; expected a UUID",
                #"/shippingAddress/street: expected a string of 1 to 255 characters, got 0: """#,
                #"/shippingAddress/city: expected no control characters, got "a\u{7}""#,
                "/shippingAddress/zipCode: expected a string of 1 to 20 characters, got null",
                #"/shippingAddress/country: expected a string of 2 characters, got 3: "USA""#,
                "/items/2/a~1b~0: unknown field",
                "/extra: unknown field",
            ])
    }

    @Test(
        "each kind of field says what it expects",
        arguments: [
            (#"{"f":true}"#, "/f: expected an integer from 1 to 5, got true"),
            (#"{"f":6}"#, "/f: expected an integer from 1 to 5, got 6"),
            (#"{"f":"3"}"#, #"/f: expected an integer from 1 to 5, got "3""#),
            (#"{"f":1.5}"#, "/f: expected an integer from 1 to 5, got 1.5"),
            (#"{"f":1e400}"#, "/f: expected an integer from 1 to 5, got 1e400"),
            (#"{"f":[]}"#, "/f: expected an integer from 1 to 5, got an array"),
            (#"{"f":{}}"#, "/f: expected an integer from 1 to 5, got an object"),
            ("{}", "/f: is missing; expected an integer from 1 to 5"),
            ("[]", "expected an object, got an array"), ("null", "expected an object, got null"),
        ])
    func integers(_ text: String, _ expected: String) throws {
        #expect(try errors(text) { _ = $0.integer("f", in: 1...5) } == [expected])
    }

    @Test("choices, truth values, moments and e-mail addresses say what they expect")
    func messages() throws {
        let found = try errors(#"{"c":"lost","b":1,"t":"2026-02-30T00:00:00Z","e":"a@b"}"#) {
            _ = $0.choice("c", of: Status.self)
            _ = $0.bool("b")
            _ = $0.timestamp("t")
            _ = $0.email("e")
        }
        #expect(
            found == [
                #"/c: expected one of pending, shipped, got "lost""#, "/b: expected true or false, got 1",
                #"/t: expected an RFC 3339 date-time such as "2026-01-31T12:00:00Z", got "2026-02-30T00:00:00Z""#,
                #"/e: expected an e-mail address of at most 255 characters, got "a@b""#,
            ])
    }

    @Test(
        "amounts are exact",
        arguments: [
            ("59.98", 5998), (#""59.98""#, 5998), ("60", 6000), ("6e1", 6000), ("59.980", 5998), (#""0.10""#, 10),
        ] as [(String, Int64)])
    func amounts(_ text: String, _ expected: Int64) throws {
        let value = try Fields.read(JSONReader.parse("{\"a\":\(text)}")) { $0.amount("a", in: 1...1_000_000) }
        #expect(value == expected)
    }

    @Test(
        "amounts that are not exact, not numbers or out of range are refused",
        arguments: [
            ("29.999", "expected at most 2 decimal places, got 29.999"),
            ("-3", "expected an amount from 0.01 to 10000.00, got -3"),
            ("0", "expected an amount from 0.01 to 10000.00, got 0"),
            ("1e300", "expected an amount from 0.01 to 10000.00, got 1e300"),
            (#""1,50""#, #"expected an amount from 0.01 to 10000.00, got "1,50""#),
            ("true", "expected an amount from 0.01 to 10000.00, got true"),
            (#"" 1""#, #"expected an amount from 0.01 to 10000.00, got " 1""#),
            (#""NaN""#, #"expected an amount from 0.01 to 10000.00, got "NaN""#),
        ])
    func badAmounts(_ text: String, _ expected: String) throws {
        #expect(try errors("{\"a\":\(text)}") { _ = $0.amount("a", in: 1...1_000_000) } == ["/a: \(expected)"])
    }

    @Test("optional fields may be left out but not be null or wrong")
    func optionals() throws {
        func read(_ fields: inout Fields) -> [Bool] {
            [
                fields.optionalString("s") == nil, fields.optionalUUID("u") == nil,
                fields.optionalInteger("i", in: 0...1) == nil,
                fields.optionalObject("o") { $0.bool("x") } == nil, fields.optionalAmount("a") == nil,
                fields.optionalChoice("c", of: Status.self) == nil, fields.optionalJSON("j") == nil,
            ]
        }
        #expect(try Fields.read([:], read).allSatisfy { $0 })
        let found = try errors(#"{"s":null,"u":1,"i":2,"o":{},"a":"","c":"","j":null}"#) { _ = read(&$0) }
        #expect(found.count == 6)
        #expect(found.contains("/o/x: is missing; expected true or false"))
    }

    @Test("a missing object makes one error, not one for each field in it")
    func missingObject() throws {
        let found = try errors("{}") {
            $0.object("a") {
                _ = $0.string("b")
                _ = $0.array("c") { $0.string("d") }
            }
        }
        #expect(found == ["/a: is missing; expected an object"])
    }

    @Test("arrays have a smallest and a largest count")
    func counts() throws {
        func found(_ text: String) throws -> [String] {
            try errors(text) { _ = $0.array("a", count: 1...2) { $0.bool("b") } }
        }
        #expect(try found(#"{"a":[]}"#) == ["/a: expected an array of 1 to 2 objects, got 0"])
        #expect(try found(#"{"a":[1,2,3]}"#) == ["/a: expected an array of 1 to 2 objects, got 3"])
        #expect(try found(#"{"a":{}}"#) == ["/a: expected an array of 1 to 2 objects, got an object"])
        #expect(try errors(#"{"s":["a","",3]}"#) { _ = $0.strings("s") }.count == 2)
    }

    @Test("control characters are refused, line breaks only where they are not expected")
    func controls() throws {
        #expect(try errors(#"{"s":"a\nb"}"#) { _ = $0.string("s") }.count == 1)
        #expect(try errors(#"{"s":"a\nb\tc"}"#) { _ = $0.string("s", multiline: true) }.isEmpty)
        #expect(try errors(#"{"s":"a\u001b[0m"}"#) { _ = $0.string("s", multiline: true) }.count == 1)
        #expect(try errors(#"{"s":"a\u0085"}"#) { _ = $0.string("s", multiline: true) }.count == 1)
        #expect(try errors(#"{"s":"a\u007f"}"#) { _ = $0.string("s") }.count == 1)
        #expect(try errors(#"{"s":"é\u00a0日本"}"#) { _ = $0.string("s", length: 4...4) }.isEmpty)
    }

    @Test("a secret is never repeated")
    func secrets() throws {
        for text in [#"{"p":"hunter"}"#, #"{"p":"hunter\u0001hunter"}"#, #"{"p":12345678}"#] {
            let found = try errors(text) { _ = $0.secret("p") }
            #expect(found.count == 1)
            #expect(!found.joined().contains("hunter") && !found.joined().contains("1234"))
        }
        #expect(try errors("{\"p\":\"\(String(repeating: "é", count: 37))\"}") { _ = $0.secret("p") }.count == 1)
        #expect(try errors("{\"p\":\"\(String(repeating: "é", count: 36))\"}") { _ = $0.secret("p") }.isEmpty)
    }

    @Test("at most twenty errors are kept and the rest is counted")
    func bounded() throws {
        let text = "{\"a\":[" + Array(repeating: "{\"x\":1,\"y\":2}", count: 50).joined(separator: ",") + "]}"
        let error = try #require(throws: ValidationError.self) {
            try Fields.read(JSONReader.parse(text)) { _ = $0.array("a") { $0.bool("x") } }
        }
        #expect(error.errors.count == 20)
        #expect(error.omitted == 80)
        #expect(error.description.hasSuffix("; and 80 more"))
    }

    @Test("what comes from the sender is cut and cleaned in messages")
    func echoes() throws {
        let long = String(repeating: "x", count: 5000)
        let found = try errors("{\"u\":\"\(long)\",\"v\":\"\\u202e\\n\\\"\",\"\(long)\":1,\"a\\n\":1}") {
            _ = $0.uuid("u")
            _ = $0.uuid("v")
        }
        #expect(found[0] == "/u: expected a UUID, got \"\(long.prefix(40))…\"")
        #expect(found[1] == #"/v: expected a UUID, got "\u{202e}\u{a}\u{22}""#)
        #expect(found[2] == "/\(long.prefix(64)): unknown field")
        #expect(found[3] == "/a\u{FFFD}: unknown field")
    }

    @Test("unknown fields are found beyond the first sixty-four")
    func manyMembers() throws {
        let text = "{" + (0..<100).map { "\"f\($0)\":true" }.joined(separator: ",") + "}"
        let found = try errors(text) { fields in
            for index in 0..<100 where index != 3 && index != 90 { _ = fields.bool("f\(index)") }
        }
        #expect(found == ["/f3: unknown field", "/f90: unknown field"])
    }

    @Test("a tolerant reader takes unknown fields at every level, but no faults")
    func tolerant() throws {
        var fields = Fields(["a": 1, "o": ["b": true, "c": 1], "l": [["b": true, "d": 1]]])
        _ = fields.object("o") { $0.bool("b") }
        _ = fields.array("l") { $0.bool("b") }
        try fields.finishIgnoringUnknown()
        let found = #expect(throws: ValidationError.self) { try fields.finish() }
        #expect(found?.errors.map(\.pointer) == ["/o/c", "/l/0/d", "/a"])
        _ = fields.bool("a")
        #expect(throws: ValidationError.self) { try fields.finishIgnoringUnknown() }
    }

    @Test("a caller can look for a field and refuse one for reasons of its own")
    func ownReasons() throws {
        let found = try errors(#"{"a":true}"#) {
            #expect($0.has("a") && !$0.has("b"))
            _ = $0.bool("a")
            $0.refuse("a", "expected to be alone")
        }
        #expect(found == ["/a: expected to be alone"])
    }

    @Test(
        "e-mail addresses match the pattern",
        arguments: ["a@b.co", "first.last+tag@sub.example.com", "A_1%-@x-y.ORG"])
    func goodEmails(_ text: String) { #expect(EmailRule.matches(text)) }

    @Test(
        "e-mail addresses that do not match are refused",
        arguments: [
            "", "a", "@", "a@", "@b.co", "a@b", "a@b.c", "a@.co", "a@b.c1", "a@@b.co", "a@b@c.co", "a b@c.co",
            "a@b.co ", "a@b.co\n", "a@b..com", "a@.b.com", ".@-.aa", ".a@b.co", "a.@b.co", "a..b@c.co", "a@-b.co",
            "a@b-.co",
            "é@b.co", "a@é.co", "a@b.cö", "a\u{0}@b.co", "<a@b.co>", "a,b@c.co",
            String(repeating: "a", count: 251) + "@b.co",
        ])
    func badEmails(_ text: String) { #expect(!EmailRule.matches(text)) }
}
