import Schema
import Testing

@Suite("what each keyword takes and refuses")
struct KeywordTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let schema: String
        let fits: [String]
        /// Values with the error that each gets.
        let refused: [(String, String)]

        init(_ schema: String, fits: [String] = [], refused: [(String, String)] = []) {
            self.schema = schema
            self.fits = fits
            self.refused = refused
        }

        var testDescription: String { schema }
    }

    @Test(
        "texts",
        arguments: [
            Case(
                #"{"type":"string"}"#, fits: [#""""#, #""a""#],
                refused: [("5", "expected a string, got 5"), ("null", "expected a string, got null")]),
            Case(
                #"{"type":"string","minLength":2,"maxLength":3}"#, fits: [#""ab""#, #""äöü""#, #""😀😀""#],
                refused: [
                    (#""😀""#, #"expected a string of 2 to 3 characters, got 1: "😀""#),
                    (#""abcd""#, #"expected a string of 2 to 3 characters, got 4: "abcd""#),
                    (#""e\u0301e\u0301""#, "expected a string of 2 to 3 characters, got 4: \"e\u{301}e\u{301}\""),
                ]),
            Case(
                #"{"type":"string","pattern":"^[A-Z]{3}$"}"#, fits: [#""USD""#],
                refused: [
                    (#""USDX""#, #"expected a string that matches ^[A-Z]{3}$, got "USDX""#),
                    (#""USD\n""#, #"expected a string that matches ^[A-Z]{3}$, got "USD\u{a}""#),
                ]),
            Case(
                #"{"type":"string","pattern":"^\\d+\\w?$"}"#, fits: [#""12a""#],
                refused: [(#""\u0661""#, "expected a string that matches ^\\d+\\w?$, got \"\u{661}\"")]),
            Case(
                #"{"type":"string","pattern":"^.$"}"#, fits: [#""é""#],
                refused: [(#""e\u0301""#, "expected a string that matches ^.$, got \"e\u{301}\"")]),
            Case(
                #"{"type":"string","format":"uuid"}"#, fits: [#""01890A5d-ac96-774b-bcce-b302099a8057""#],
                refused: [("5", "expected a UUID, got 5"), (#""x""#, #"expected a UUID, got "x""#)]),
            Case(
                #"{"type":"string","format":"email"}"#, fits: [#""a.b@example.com""#],
                refused: [(#""a@b""#, #"expected an e-mail address of at most 255 characters, got "a@b""#)]),
            Case(
                #"{"type":"string","format":"date-time"}"#,
                fits: [#""2026-01-31T12:00:00Z""#, #""2024-02-29t00:00:00.5+02:00""#],
                refused: [
                    (
                        #""2026-02-29T00:00:00Z""#,
                        #"expected an RFC 3339 date-time such as "2026-01-31T12:00:00Z", got "2026-02-29T00:00:00Z""#
                    )
                ]),
            Case(
                #"{"type":"string","format":"uri"}"#,
                fits: [
                    #""https://example.com/a?b=c#d""#, #""urn:isbn:1""#, #""http://[::1]:80/""#, #""mailto:a@b.c""#,
                    #""http://u:p@h/%20""#, #""file:///x""#,
                ],
                refused: [
                    #""x""#, #""/a/b""#, #""http://a b""#, #""http://a/%2""#, #""http://[x]/""#, #""1a:b""#,
                    #""a:b#c#d""#, #""http://a:b/""#,
                ].map {
                    ($0, "expected a URI, got \($0)")
                }),
            Case(
                #"{"enum":["a","b"]}"#, fits: [#""a""#],
                refused: [(#""c""#, #"expected one of a, b, got "c""#), ("1", "expected one of a, b, got 1")]),
            Case(
                #"{"type":"string","enum":["\u00e9"]}"#, fits: [#""é""#],
                refused: [(#""e\u0301""#, "expected one of é, got \"e\u{301}\"")]),
        ])
    func texts(_ test: Case) throws { try run(test) }

    @Test(
        "numbers, by their exact value",
        arguments: [
            Case(
                #"{"type":"integer"}"#,
                fits: ["3", "3.0", "30e-1", "-0", "0.0e-5", "1e400", "123456789012345678901234567890"],
                refused: [
                    ("3.5", "expected an integer, got 3.5"), (#""3""#, #"expected an integer, got "3""#),
                    ("1e-400", "expected an integer, got 1e-400"),
                ]),
            Case(
                #"{"type":"integer","minimum":1,"maximum":5}"#, fits: ["1", "5", "5.0", "0.5e1"],
                refused: ["0", "6", "5.1", "1.5", "-3", "1e400", "-1e400", "0.9999", "true"].map {
                    ($0, "expected an integer from 1 to 5, got \($0)")
                }),
            Case(
                #"{"type":"number","minimum":-0.3}"#,
                fits: ["-0.3", "-0.30", "-0.29999999999999999999", "0", "1e99999999999999999999"],
                refused: ["-0.30000000000000000000001", "-1", "-1e9999999"].map {
                    ($0, "expected a number of at least -0.3, got \($0)")
                }),
            Case(
                #"{"type":"number","maximum":9007199254740993}"#, fits: ["9007199254740993", "9007199254740992.9"],
                refused: [("9007199254740994", "expected a number of at most 9007199254740993, got 9007199254740994")]),
            Case(
                #"{"type":"number","exclusiveMinimum":0}"#, fits: ["1e-99", "0.1"],
                refused: ["0", "0.0", "-0", "-1"].map { ($0, "expected a number greater than 0, got \($0)") }),
            Case(
                #"{"type":"number","multipleOf":0.01}"#, fits: ["0", "59.98", "59.980", "5998e-2", "1e30", "-0.01"],
                refused: [
                    ("59.981", "expected at most 2 decimal places, got 59.981"),
                    (#""1""#, #"expected an amount, got "1""#),
                ]),
            Case(
                #"{"type":"number","multipleOf":0.1}"#, fits: ["0.3"],
                refused: [("0.31", "expected at most 1 decimal place, got 0.31")]),
            Case(
                #"{"type":"integer","multipleOf":25}"#, fits: ["0", "25", "-75", "1e2", "1e99", "2.5e1", "175.0"],
                refused: ["1", "26", "10", "1.5", "2.5"].map {
                    ($0, "expected an integer that is a multiple of 25, got \($0)")
                }),
            Case(
                #"{"type":"number","multipleOf":7}"#, fits: ["7e50", "14", "700000000000000000007"],
                refused: [("1e50", "expected a number that is a multiple of 7, got 1e50")]),
            Case(
                #"{"type":"integer","multipleOf":100}"#, fits: ["100", "1e3"],
                refused: [("10", "expected an integer that is a multiple of 100, got 10")]),
            Case(
                #"{"const":1.0}"#, fits: ["1", "10e-1"],
                refused: [("2", "expected 1.0, got 2"), ("true", "expected 1.0, got true")]),
        ])
    func numbers(_ test: Case) throws { try run(test) }

    @Test(
        "arrays, objects and the rest",
        arguments: [
            Case(#"{}"#, fits: ["null", "1", "[]", "{}"]),
            Case(#"{"type":"boolean"}"#, fits: ["true", "false"], refused: [("1", "expected true or false, got 1")]),
            Case(
                #"{"const":{"a":[1],"b":null}}"#, fits: [#"{"b":null,"a":[1.0]}"#],
                refused: [(#"{"a":[1]}"#, #"expected {"a":[1],"b":null}, got an object"#)]),
            Case(
                #"{"type":"array"}"#, fits: ["[]", "[null,1]"], refused: [("{}", "expected an array, got an object")]),
            Case(
                #"{"type":"array","minItems":1,"maxItems":2,"items":{"type":"integer"}}"#, fits: ["[1]", "[1,2.0]"],
                refused: [
                    ("[]", "expected an array of 1 to 2 values, got 0"),
                    (#"["x",1,2]"#, "expected an array of 1 to 2 values, got 3"),
                    ("[1,true]", "/1: expected an integer, got true"),
                ]),
            Case(
                #"{"type":"object"}"#, fits: ["{}"],
                refused: [("[]", "expected an object, got an array"), (#"{"a~/b":1}"#, "/a~0~1b: unknown field")]),
            Case(
                #"{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":"boolean"}}}"#,
                fits: [#"{"b":true,"a":1}"#, #"{"a":1}"#],
                refused: [
                    ("{}", "/a: is missing; expected an integer"),
                    (#"{"a":null}"#, "/a: expected an integer, got null"),
                    (#"{"a":1,"b":null}"#, "/b: expected true or false, got null"),
                    (#"{"a":1,"c":2}"#, "/c: unknown field"),
                ]),
            Case(
                #"{"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":true}"#,
                fits: [#"{"x":1}"#], refused: [(#"{"x":1,"a":"b"}"#, #"/a: expected an integer, got "b""#)]),
            Case(#"{"type":"object","additionalProperties":false}"#, refused: [(#"{"x":1}"#, "/x: unknown field")]),
            Case(
                #"{"type":"object","additionalProperties":{"type":"string"}}"#, fits: [#"{"x":"y"}"#],
                refused: [(#"{"x":1}"#, "/x: expected a string, got 1")]),
            // U+212A is canonically equivalent to the letter K.
            Case(
                #"{"type":"object","properties":{"K":{}}}"#, fits: [#"{"K":1}"#],
                refused: [("{\"\u{212A}\":1}", "/\u{212A}: unknown field")]),
            Case(
                """
                {"oneOf":[{"type":"object","required":["kind","a"],"properties":{"kind":{"const":"x"},"a":{"type":"integer"}}},
                {"type":"object","required":["kind"],"properties":{"kind":{"const":"y"}}}]}
                """,
                fits: [#"{"kind":"x","a":1}"#, #"{"kind":"y"}"#],
                refused: [
                    (#"{"kind":"x"}"#, "/a: is missing; expected an integer"),
                    (#"{"kind":"y","a":1}"#, "/a: unknown field"),
                    (#"{"kind":"z"}"#, #"/kind: expected one of x, y, got "z""#),
                    ("{}", "/kind: is missing; expected one of x, y"), ("3", "expected an object, got 3"),
                ]),
        ])
    func others(_ test: Case) throws { try run(test) }

    private func run(_ test: Case) throws {
        for value in test.fits { #expect(try Sample.errors(test.schema, value) == [], "\(value)") }
        for (value, error) in test.refused { #expect(try Sample.errors(test.schema, value) == [error]) }
    }

    @Test("members of a wide object are found in any order")
    func wide() throws {
        let names = (0..<20).map { "p\($0)" }
        let properties = names.map { #""\#($0)":{"type":"integer"}"# }.joined(separator: ",")
        let schema = #"{"type":"object","required":["p7"],"properties":{\#(properties)}}"#
        func value(_ names: [String]) -> String { "{" + names.map { #""\#($0)":1"# }.joined(separator: ",") + "}" }
        #expect(try Sample.errors(schema, value(names)) == [])
        #expect(try Sample.errors(schema, value(names.reversed())) == [])
        #expect(
            try Sample.errors(schema, value(["x", "p19", "y"])) == [
                "/p7: is missing; expected an integer", "/x: unknown field", "/y: unknown field",
            ])
    }

    @Test("a schema may refer to itself")
    func recursion() throws {
        let tree = [
            "Tree":
                """
            {"type":"object","required":["n"],"properties":{"n":{"type":"integer"},
            "kids":{"type":"array","items":{"$ref":"#/schemas/Tree"}}}}
            """
        ]
        let schema = ##"{"$ref":"#/schemas/Tree"}"##
        #expect(try Sample.errors(schema, #"{"n":1,"kids":[{"n":2,"kids":[{"n":3}]}]}"#, tree) == [])
        #expect(
            try Sample.errors(schema, #"{"n":1,"kids":[{"n":2,"kids":[{"x":3}]}]}"#, tree) == [
                "/kids/0/kids/0/n: is missing; expected an integer", "/kids/0/kids/0/x: unknown field",
            ])
    }
}
