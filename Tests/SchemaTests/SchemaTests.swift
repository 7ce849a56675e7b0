import JSON
import Schema
import Testing

@Suite("what a schema says of itself")
struct SchemaTests {
    @Test("properties come in the order declared, with their own parts")
    func properties() throws {
        let schema = try Sample.schema(
            """
            {"type":"object","description":"A thing.","required":["b"],"examples":[{"b":2}],"properties":{
            "b":{"type":"integer","description":"How many.","default":3,"minimum":1},
            "a":{"$ref":"#/schemas/Name","description":"Here."}}}
            """, ["Name": #"{"type":"string","description":"A name.","examples":["x"],"maxLength":5}"#])
        #expect(schema.kind == .object)
        #expect(schema.summary == "A thing.")
        #expect(schema.examples == [["b": 2]])
        #expect(schema.defaultValue == nil)
        #expect(schema.properties.map(\.name) == ["b", "a"])
        #expect(schema.properties.map(\.isRequired) == [true, false])
        let (count, name) = (schema.properties[0].schema, schema.properties[1].schema)
        #expect(count.defaultValue == 3)
        #expect(count.kind == .integer)
        #expect(count.properties.isEmpty)
        #expect(count.expectation == "an integer of at least 1")
        #expect(name.kind == .string)
        #expect(name.summary == "Here.")
        #expect(name.examples == ["x"])
        #expect(name.expectation == "a string of 0 to 5 characters")
        #expect(name.validate("abcdef")?.description == #"expected a string of 0 to 5 characters, got 6: "abcdef""#)
    }

    @Test("a reference at the top is followed")
    func topReference() throws {
        let schema = try Sample.schema(##"{"$ref":"#/schemas/Item"}"##, Sample.definitions)
        #expect(schema.properties.map(\.name) == ["productId", "quantity", "price"])
        #expect(schema.kind == .object)
        #expect(schema.summary == "")
    }

    @Test("a schema without a type has no kind")
    func kinds() throws {
        #expect(try Sample.schema(#"{"enum":["a"]}"#).kind == nil)
        #expect(try Sample.schema("{}").kind == nil)
        for kind in JSONSchema.Kind.allCases {
            #expect(try Sample.schema(#"{"type":"\#(kind.rawValue)"}"#).kind == kind)
        }
    }

    @Test("schemas are the same by document and definitions")
    func equality() throws {
        let one = try Sample.schema(Sample.order, Sample.definitions)
        let same = try Sample.schema(Sample.order, Sample.definitions)
        var others = Sample.definitions
        others["Address"] = #"{"type":"object"}"#
        #expect(one == same)
        #expect(Set([one, same]).count == 1)
        #expect(try one != Sample.schema(Sample.order, others))
        #expect(try one != Sample.schema("{}", Sample.definitions))
    }

    @Test(
        "each kind of schema completes a sentence",
        arguments: [
            (#"{}"#, "a value"),
            (#"{"type":"boolean"}"#, "true or false"),
            (#"{"type":"string"}"#, "a string"),
            (#"{"type":"string","minLength":1}"#, "a string of at least 1 character"),
            (#"{"type":"string","minLength":2}"#, "a string of at least 2 characters"),
            (#"{"type":"string","maxLength":2}"#, "a string of 0 to 2 characters"),
            (#"{"type":"string","minLength":2,"maxLength":2}"#, "a string of 2 characters"),
            (
                #"{"type":"string","maxLength":3,"pattern":"^[A-Z]*$"}"#,
                "a string of 0 to 3 characters that matches ^[A-Z]*$"
            ),
            (#"{"type":"string","format":"uuid"}"#, "a UUID"),
            (#"{"type":"string","format":"email"}"#, "an e-mail address of at most 255 characters"),
            (#"{"type":"string","format":"email","maxLength":99}"#, "an e-mail address of 0 to 99 characters"),
            (#"{"type":"string","format":"date-time"}"#, #"an RFC 3339 date-time such as "2026-01-31T12:00:00Z""#),
            (#"{"type":"string","format":"uri","maxLength":9}"#, "a URI of 0 to 9 characters"),
            (#"{"type":"integer"}"#, "an integer"),
            (#"{"type":"integer","minimum":1}"#, "an integer of at least 1"),
            (#"{"type":"integer","maximum":9}"#, "an integer of at most 9"),
            (#"{"type":"integer","minimum":1,"maximum":1e2}"#, "an integer from 1 to 100"),
            (#"{"type":"integer","multipleOf":5}"#, "an integer that is a multiple of 5"),
            (#"{"type":"integer","multipleOf":0.1}"#, "an integer"),
            (#"{"type":"number","exclusiveMinimum":0}"#, "a number greater than 0"),
            (#"{"type":"number","exclusiveMinimum":0,"maximum":1.50}"#, "a number greater than 0 and at most 1.5"),
            (#"{"type":"number","exclusiveMinimum":0,"minimum":2}"#, "a number of at least 2"),
            (#"{"type":"number","exclusiveMinimum":2,"minimum":2}"#, "a number greater than 2"),
            (#"{"type":"number","multipleOf":0.01,"minimum":0,"maximum":5}"#, "an amount from 0.00 to 5.00"),
            (#"{"type":"number","multipleOf":0.001}"#, "an amount"),
            (#"{"type":"array"}"#, "an array"),
            (#"{"type":"array","items":{}}"#, "an array of values"),
            (#"{"type":"array","items":{"type":"object"}}"#, "an array of objects"),
            (#"{"type":"array","minItems":2}"#, "an array of at least 2 values"),
            (#"{"type":"array","maxItems":2,"items":{"type":"object"}}"#, "an array of 0 to 2 objects"),
            (#"{"type":"object"}"#, "an object"),
            (#"{"enum":["a","b"]}"#, "one of a, b"),
            (#"{"const":"a"}"#, #""a""#),
            (#"{"const":7}"#, "7"),
        ])
    func expectations(schema: String, expectation: String) throws {
        #expect(try Sample.schema(schema).expectation == expectation)
    }
}
