import Testing

/// Cases in the manner of the JSON Schema Test Suite for draft 2020-12, for the keywords that are supported. Each
/// schema says `additionalProperties: true` where an open object is meant, because ours are closed by default.
@Suite("semantics of draft 2020-12")
struct StandardTests {
    @Test(
        "values fit or do not",
        arguments: [
            // type
            (#"{"type":"integer"}"#, ["1", "1.0"], ["1.1", #""foo""#, #""1""#, "{}", "[]", "true", "null"]),
            (#"{"type":"number"}"#, ["1", "1.0", "1.1"], [#""foo""#, #""1""#, "{}", "[]", "true", "null"]),
            (#"{"type":"string"}"#, [#""foo""#, #""1""#, #""""#], ["1", "1.1", "{}", "[]", "true", "null"]),
            (
                #"{"type":"object","additionalProperties":true}"#, ["{}", #"{"a":1}"#],
                ["1", #""foo""#, "[]", "true", "null"]
            ),
            (#"{"type":"array"}"#, ["[]", "[1]"], ["1", #""foo""#, "{}", "true", "null"]),
            (#"{"type":"boolean"}"#, ["true", "false"], ["1", "0", #""""#, #""foo""#, "{}", "[]", "null"]),
            // const: 0 is not false, 1 is not true, -2 is -2.0, floats and integers are the same
            (#"{"const":2}"#, ["2", "2.0"], ["5", #""a""#]),
            (#"{"const":{"foo":"bar","baz":"bax"}}"#, [#"{"baz":"bax","foo":"bar"}"#], [#"{"foo":"bar"}"#, "[1,2]"]),
            (#"{"const":[{"foo":"bar"}]}"#, [#"[{"foo":"bar"}]"#], ["[2]", "[1,2,3]"]),
            (#"{"const":null}"#, ["null"], ["0"]),
            (#"{"const":false}"#, ["false"], ["0", "0.0", "[false]", "{}"]),
            (#"{"const":true}"#, ["true"], ["1", "1.0"]),
            (#"{"const":0}"#, ["0", "0.0", "-0"], ["false", "{}", "[]", #""""#]),
            (#"{"const":-2.0}"#, ["-2", "-2.0"], ["2", "2.0", "-2.00001"]),
            (#"{"const":9007199254740992}"#, ["9007199254740992", "9007199254740992.0"], ["9007199254740991"]),
            // enum
            (#"{"enum":["foo\nbar","foo\rbar"]}"#, [#""foo\nbar""#, #""foo\rbar""#], [#""abc""#]),
            // lengths count code points
            (#"{"type":"string","maxLength":2}"#, [#""f""#, #""fo""#, #""\uD83D\uDCA9\uD83D\uDCA9""#], [#""foo""#]),
            (#"{"type":"string","maxLength":2.0}"#, [#""f""#], [#""foo""#]),
            (#"{"type":"string","minLength":2}"#, [#""foo""#, #""fo""#], [#""f""#, #""\uD83D\uDCA9""#]),
            // ranges
            (#"{"type":"number","maximum":3.0}"#, ["2.6", "3.0"], ["3.5"]),
            (#"{"type":"number","maximum":300}"#, ["299.97", "300", "300.00"], ["300.5"]),
            (#"{"type":"number","minimum":1.1}"#, ["2.6", "1.1"], ["0.6"]),
            (#"{"type":"number","minimum":-2}"#, ["-1", "0", "-2", "-2.0"], ["-2.0001", "-3"]),
            (#"{"type":"number","exclusiveMinimum":1.1}"#, ["1.2"], ["1.1", "0.6"]),
            // multipleOf
            (#"{"type":"number","multipleOf":2}"#, ["10", "0", "-4"], ["7", "1.5"]),
            (#"{"type":"number","multipleOf":0.0001}"#, ["0.0075"], ["0.00751"]),
            (#"{"type":"integer","multipleOf":0.01}"#, ["1e308", "5"], ["0.01"]),
            // items, minItems, maxItems
            (#"{"type":"array","items":{"type":"integer"}}"#, ["[1,2,3]", "[]"], [#"[1,"x"]"#]),
            (#"{"type":"array","minItems":1}"#, ["[1,2]", "[1]"], ["[]"]),
            (#"{"type":"array","maxItems":2}"#, ["[1]", "[1,2]"], ["[1,2,3]"]),
            // properties, required, additionalProperties
            (
                """
                {"type":"object","properties":{"foo":{"type":"integer"},"bar":{"type":"string"}},
                "additionalProperties":true}
                """,
                [#"{"foo":1,"bar":"baz"}"#, "{}", #"{"quux":[]}"#], [#"{"foo":1,"bar":{}}"#, #"{"foo":[],"bar":{}}"#]
            ),
            (
                #"{"type":"object","properties":{"foo":{},"bar":{}},"required":["foo"]}"#, [#"{"foo":1}"#],
                [#"{"bar":1}"#, "{}"]
            ),
            (
                #"{"type":"object","properties":{"foo":{},"bar":{}},"additionalProperties":false}"#, [#"{"foo":1}"#],
                [#"{"foo":1,"bar":2,"quux":"boom"}"#]
            ),
            (
                #"{"type":"object","properties":{"foo":{}},"additionalProperties":{"type":"boolean"}}"#,
                [#"{"foo":1}"#, #"{"foo":1,"quux":true}"#], [#"{"foo":1,"quux":12}"#]
            ),
            (
                #"""
                {"type":"object","properties":{"foo\nbar":{"type":"number"},"foo\"bar":{"type":"number"},
                "__proto__":{"type":"number"}}}
                """#,
                [#"{"foo\nbar":1,"foo\"bar":1}"#, #"{"__proto__":1}"#], [#"{"foo\nbar":"1"}"#, #"{"__proto__":"foo"}"#]
            ),
            // pattern is anchored here, and knows ASCII digits and letters only
            (#"{"type":"string","pattern":"^a*$"}"#, [#""aaa""#, #""""#], [#""abc""#]),
            (#"{"type":"string","pattern":"^\\W$"}"#, [#""é""#], [#""a""#]),
            (#"{"type":"string","pattern":"^\\D$"}"#, [#""\u07c0""#], [#""0""#]),
            // default does not fill in or forbid anything
            (
                #"{"type":"object","properties":{"foo":{"type":"integer","default":5}}}"#, ["{}", #"{"foo":13}"#],
                [#"{"foo":"x"}"#]
            ),
        ])
    func cases(schema: String, fits: [String], refused: [String]) throws {
        for value in fits { #expect(try Sample.errors(schema, value) == [], "\(value)") }
        for value in refused { #expect(try !Sample.errors(schema, value).isEmpty, "\(value)") }
    }
}
