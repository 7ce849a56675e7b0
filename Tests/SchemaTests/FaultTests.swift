import JSON
import Schema
import Testing

@Suite("faults of a schema")
struct FaultTests {
    @Test(
        "each has its pointer and says what is expected",
        arguments: [
            ("5", ["expected a schema, which is an object, got 5"]),
            (#"{"type":"string","minLenght":1}"#, [#"/minLenght: unknown keyword; did you mean "minLength"?"#]),
            (
                #"{"type":"float"}"#,
                [#"/type: expected one of object, array, string, integer, number, boolean, got "float""#]
            ),
            (
                #"{"type":["string"]}"#,
                ["/type: expected one of object, array, string, integer, number, boolean, got an array"]
            ),
            (#"{"type":"integer","minLength":1}"#, ["/minLength: does not go with type integer"]),
            (#"{"type":"string","minimum":1}"#, ["/minimum: does not go with type string"]),
            (#"{"type":"integer","enum":["a"]}"#, ["/enum: does not go with type integer"]),
            (#"{"properties":{}}"#, ["/properties: goes with type object only, and there is no type"]),
            (#"{"minimum":1}"#, ["/minimum: goes with type integer or number only, and there is no type"]),
            (#"{"type":"string","minLength":-1}"#, ["/minLength: expected an integer from 0 to 2147483647, got -1"]),
            (
                #"{"type":"string","maxLength":"9"}"#,
                [#"/maxLength: expected an integer from 0 to 2147483647, got "9""#]
            ),
            (
                #"{"type":"string","minLength":3,"maxLength":2}"#,
                ["/maxLength: expected at least minLength, which is 3, got 2"]
            ),
            (
                #"{"type":"string","pattern":"^(a$"}"#,
                [#"/pattern: expected a pattern that begins with ^ and ends with $, got "^(a$""#]
            ),
            (#"{"type":"string","pattern":"^a)b($"}"#, [#"/pattern: expected a regular expression, got "^a)b($""#]),
            (
                #"{"type":"string","pattern":"^[a$"}"#,
                [#"/pattern: expected a pattern that begins with ^ and ends with $, got "^[a$""#]
            ),
            (#"{"type":"string","pattern":"^a{3,1}$"}"#, [#"/pattern: expected a regular expression, got "^a{3,1}$""#]),
            (
                #"{"type":"string","pattern":"a"}"#,
                [#"/pattern: expected a pattern that begins with ^ and ends with $, got "a""#]
            ),
            (
                #"{"type":"string","pattern":"^a\\$"}"#,
                [#"/pattern: expected a pattern that begins with ^ and ends with $, got "^a\u{5c}$""#]
            ),
            (
                #"{"type":"string","pattern":"^a|b$"}"#,
                [#"/pattern: expected alternatives in a group, as in ^(a|b)$, got "^a|b$""#]
            ),
            (
                #"{"type":"string","format":"ipv4"}"#,
                [#"/format: expected one of uuid, email, date-time, uri, password, got "ipv4""#]
            ),
            (
                #"{"type":"integer","minimum":5,"maximum":4.5}"#,
                ["/maximum: expected at least minimum, which is 5, got 4.5"]
            ),
            (
                #"{"type":"number","exclusiveMinimum":5,"maximum":5}"#,
                ["/maximum: expected more than exclusiveMinimum, which is 5, got 5"]
            ),
            (
                #"{"type":"number","minimum":true}"#,
                ["/minimum: expected a number with an exponent of at most 1000, got true"]
            ),
            (
                #"{"type":"number","multipleOf":0}"#,
                ["/multipleOf: expected a power of ten such as 0.01 or a positive integer below 10^17, got 0"]
            ),
            (
                #"{"type":"number","multipleOf":0.05}"#,
                ["/multipleOf: expected a power of ten such as 0.01 or a positive integer below 10^17, got 0.05"]
            ),
            (#"{"enum":[]}"#, ["/enum: expected at least one string"]),
            (#"{"enum":["a",1,"a"]}"#, ["/enum/1: expected a string, got 1", #"/enum/2: "a" is listed twice"#]),
            (
                #"{"type":"string","maxLength":1,"enum":["a","bc"]}"#,
                [#"/enum/1: expected a string of 0 to 1 characters, got 2: "bc""#]
            ),
            (#"{"type":"string","const":5}"#, ["/const: expected a string, got 5"]),
            (#"{"enum":["a"],"const":"b"}"#, [#"/const: expected one of a, got "b""#]),
            (#"{"type":"integer","maximum":5,"default":6}"#, ["/default: expected an integer of at most 5, got 6"]),
            (
                #"{"type":"object","properties":{"n":{"type":"integer"}},"examples":[{"n":1},{"n":"x"}]}"#,
                [#"/examples/1/n: expected an integer, got "x""#]
            ),
            (#"{"type":"string","examples":"a"}"#, [#"/examples: expected an array of values, got "a""#]),
            (
                #"{"type":"string","title":1,"description":2,"deprecated":3}"#,
                [
                    "/title: expected a string, got 1", "/description: expected a string, got 2",
                    "/deprecated: expected true or false, got 3",
                ]
            ),
            (
                #"{"type":"object","properties":[]}"#,
                ["/properties: expected an object with a schema for each name, got an array"]
            ),
            (
                #"{"type":"object","properties":{"name":{"type":"string"}},"required":["nam",1,"name","name"]}"#,
                [
                    #"/required/0: there is no property "nam"; did you mean "name"?"#,
                    "/required/1: expected a property name, got 1", #"/required/3: "name" is listed twice"#,
                ]
            ),
            (
                #"{"type":"object","additionalProperties":1}"#,
                ["/additionalProperties: expected true, false or a schema, got 1"]
            ),
            (
                #"{"type":"object","additionalProperties":{"type":"x"}}"#,
                [
                    #"/additionalProperties/type: expected one of object, array, string, integer, number, boolean, got "x""#
                ]
            ),
            (#"{"type":"array","items":true}"#, ["/items: expected a schema, which is an object, got true"]),
            (
                #"{"type":"array","minItems":2,"maxItems":1}"#,
                ["/maxItems: expected at least minItems, which is 2, got 1"]
            ),
            (
                #"{"type":"object","properties":{"a/b":{"type":"x"},"c":{"items":{}}}}"#,
                [
                    #"/properties/a~1b/type: expected one of object, array, string, integer, number, boolean, got "x""#,
                    "/properties/c/items: goes with type array only, and there is no type",
                ]
            ),
            (##"{"$ref":"#/schemas/Itm"}"##, [##"/$ref: there is no schema "Itm"; did you mean "Item"?"##]),
            (
                ##"{"$ref":"#/definitions/Item"}"##,
                [##"/$ref: expected #/schemas/ and a name, got "#/definitions/Item""##]
            ),
            (
                ##"{"$ref":"#/schemas/Item","description":"x","title":"y"}"##,
                ["/title: does not go with $ref; only a description may stand beside it"]
            ),
            (#"{"oneOf":[]}"#, ["/oneOf: expected at least one schema"]),
            (#"{"type":"object","oneOf":[{"type":"object"}]}"#, ["/type: does not go with oneOf"]),
            (#"{"oneOf":[{"type":"string"},{"type":"object"}]}"#, ["/oneOf/0: expected a schema of type object"]),
            (
                #"{"oneOf":[{"type":"object","properties":{"k":{"const":"x"}}}]}"#,
                ["/oneOf: expected objects told apart by one required member that is another const in each of them"]
            ),
        ])
    func faults(schema: String, faults: [String]) throws {
        #expect(try Sample.faults(schema, Sample.definitions) == faults)
    }

    @Test("an unknown keyword that resembles none gets the list of all")
    func unknownKeyword() throws {
        let faults = try Sample.faults(#"{"patternProperties":{}}"#)
        #expect(faults.count == 1)
        #expect(faults[0].hasPrefix("/patternProperties: unknown keyword; expected one of $ref, type, title, "))
        #expect(faults[0].hasSuffix("minItems, maxItems, oneOf"))
    }

    @Test("definitions are looked at when they are used, at their own pointers, once")
    func definitions() throws {
        let definitions = [
            "A": ##"{"type":"object","properties":{"b":{"$ref":"#/schemas/B"}}}"##, "B": #"{"type":"x"}"#, "C": "7",
        ]
        let schema = ##"{"type":"object","properties":{"a":{"$ref":"#/schemas/A"},"b":{"$ref":"#/schemas/B"}}}"##
        let fault = #"/schemas/B/type: expected one of object, array, string, integer, number, boolean, got "x""#
        #expect(try Sample.faults(schema, definitions) == [fault])
        #expect(try Sample.faults(#"{"type":"string"}"#, definitions) == [])
    }

    @Test("references that lead nowhere but to themselves are faults, and end")
    func circles() throws {
        let definitions = [
            "A": ##"{"$ref":"#/schemas/B"}"##, "B": ##"{"$ref":"#/schemas/A"}"##, "S": ##"{"$ref":"#/schemas/S"}"##,
            "U": ##"{"oneOf":[{"$ref":"#/schemas/U"}]}"##,
        ]
        let message = "refers to itself by way of references only"
        #expect(try Sample.faults(##"{"$ref":"#/schemas/A"}"##, definitions) == ["/schemas/B/$ref: \(message)"])
        #expect(try Sample.faults(##"{"$ref":"#/schemas/S"}"##, definitions) == ["/schemas/S/$ref: \(message)"])
        #expect(
            try Sample.faults(##"{"$ref":"#/schemas/U"}"##, definitions) == [
                "/schemas/U/oneOf/0: expected a schema of type object"
            ])
    }

    @Test("a schema with thousands of wrong names is refused at once", .timeLimit(.minutes(1)))
    func manyWrongNames() {
        let length = 30
        func names(_ letter: String) -> [String] {
            (0..<1000).map { String(repeating: letter, count: length) + "\($0)" }
        }
        let properties = names("a").map { JSONObject.Member(name: $0, value: ["type": "string"]) }
        let schema: JSONValue = [
            "type": "object", "properties": .object(JSONObject(properties)),
            "required": .array(names("b").map { .string($0) }),
        ]
        let start = ContinuousClock.now
        #expect(throws: SchemaFaults.self) { try JSONSchema(schema) }
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
