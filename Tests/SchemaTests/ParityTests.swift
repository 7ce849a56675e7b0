import JSON
import Schema
import Testing

@Suite("a schema speaks as the fields do")
struct ParityTests {
    /// The same order that the sample schema declares, read by `Fields`.
    private func fieldErrors(_ value: JSONValue) -> ValidationError? {
        do {
            try Fields.read(value) { fields in
                _ = fields.uuid("userId")
                _ = fields.array("items", count: 1...100) {
                    _ = ($0.uuid("productId"), $0.integer("quantity", in: 1...1000))
                    _ = $0.amount("price", in: 0...99_999_999_99)
                }
                fields.object("shippingAddress") {
                    _ = ($0.string("street"), $0.string("city"), $0.optionalString("state"))
                    _ = ($0.string("zipCode", length: 1...20), $0.string("country", length: 2...2))
                }
            }
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "the errors of an order are the same, in the same order",
        arguments: [
            Sample.orderValue, "{}", "[]", "null", #"{"items":[],"x":1}"#,
            #"{"items":{},"userId":5,"shippingAddress":7}"#,
            """
            {"zzz":1,"userId":"x","items":[{"productId":7,"quantity":-3,"price":29.999},3,
            {"quantity":1.5,"price":100000000,"a/b~":0}],
            "shippingAddress":{"extra":null,"street":"","zipCode":null,"country":"USA"},"extra":1}
            """,
            #"{"items":[{},{},{},{},{},{},{},{},{}]}"#,
            """
            {"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,
            "p":1,"q":1,"r":1,"s":1,"t":1}
            """,
        ])
    func order(text: String) throws {
        let value = try JSONReader.parse(text)
        let schema = try Sample.schema(Sample.order, Sample.definitions)
        #expect(schema.validate(value) == fieldErrors(value))
    }

    private enum Status: String, CaseIterable { case pending, shipped }

    @Test(
        "each rule has its schema",
        arguments: [
            "5", #""x""#, "null", "[]", "{}", "true", "1.5", "-1", "101", #""""#, #""shipped""#, "99.999", "[1]",
        ])
    func rules(text: String) throws {
        let value = try JSONReader.parse("{\"f\":\(text)}")
        try compare(value, #"{"type":"string","format":"uuid"}"#) { _ = $0.uuid("f") }
        try compare(value, #"{"type":"string","format":"email"}"#) { _ = $0.email("f") }
        try compare(value, #"{"type":"string","format":"date-time"}"#) { _ = $0.timestamp("f") }
        try compare(value, #"{"type":"boolean"}"#) { _ = $0.bool("f") }
        try compare(value, #"{"enum":["pending","shipped"]}"#) { _ = $0.choice("f", of: Status.self) }
        try compare(value, #"{"type":"integer","minimum":1,"maximum":100}"#) { _ = $0.integer("f", in: 1...100) }
        try compare(value, #"{"type":"integer","minimum":0}"#) { _ = $0.integer("f", in: 0...Int64.max) }
        try compare(value, #"{"type":"string","minLength":1,"maxLength":3}"#) { _ = $0.string("f", length: 1...3) }
        try compare(value, #"{"type":"string","minLength":2,"maxLength":2}"#) { _ = $0.string("f", length: 2...2) }
        try compare(value, #"{"type":"array","minItems":2,"maxItems":3,"items":{"type":"boolean"}}"#) {
            _ = $0.values("f", count: 2...3, BoolRule())
        }
        try compare(value, #"{"type":"object"}"#) { $0.object("f") { _ in } }
        try compare(value, "{}") { _ = $0.json("f") }
        // `Fields` also takes an amount as a text, which a schema of type number does not.
        if value["f"]?.string == nil {
            try compare(value, #"{"type":"number","multipleOf":0.01,"minimum":0,"maximum":100}"#) {
                _ = $0.amount("f", in: 0...100_00)
            }
        }
    }

    /// Of the value, and of an object without the field.
    private func compare(_ value: JSONValue, _ schema: String, _ body: (inout Fields) -> Void) throws {
        let schema = try Sample.schema(#"{"type":"object","required":["f"],"properties":{"f":\#(schema)}}"#)
        for value in [value, .object(JSONObject())] {
            do {
                try Fields.read(value, body)
                #expect(schema.validate(value) == nil)
            } catch {
                #expect(schema.validate(value) == error)
            }
        }
    }
}
