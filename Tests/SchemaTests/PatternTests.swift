import JSON
import Schema
import Testing

@Suite("patterns")
struct PatternTests {
    @Test(
        "patterns of ECMAScript match whole texts",
        arguments: [
            ("^[a-z0-9][a-z0-9._-]*$", ["a", "0.a_-"], ["", "-a", "a "]),
            (#"^\+[1-9]\d{6,14}$"#, ["+12345678"], ["12345678", "+0234567", "+1234567\n"]),
            (#"^[\w-]+$"#, ["a-b_C9"], ["é", "a b"]),
            (#"^[^\x00-\x1f\x7f-\x9f]*$"#, ["", "añ😀"], ["\u{7}", "a\u{85}"]),
            (#"^[^\u0000-\u001f]*$"#, ["ab"], ["\n", "a\n", "\na"]),
            (
                #"^[^\u0000-\u001f\u007f-\u009f]*$"#, ["", "a ñ😀\u{a0}\u{e9}\u{2000}"],
                ["\u{7}", "a\u{7f}", "a\u{80}", "\u{9f}b", "a\n"]
            ),
            (#"^\p{L}+$"#, ["añ"], ["1"]),
            (#"^(?:a|b)?(?=c)c(?!d).?$"#, ["ac", "ce"], ["acd", "a"]),
            (#"^[A-Z]{2,3}(,[A-Z]{2,3})*$"#, ["US", "US,DEU"], ["US,", "usa"]),
            (#"^https?:\/\/[^\s\/]+$"#, ["http://a"], ["http://a b", "ftp://a"]),
            (#"^[\]\[\\]$"#, ["]", "[", "\\"], ["a"]),
            ("^.$", ["a", "😀"], ["\n", "\u{2028}", "ab", "a\u{301}"]),
            ("^a$", ["a"], ["a\n", "b\na", "a\r\n"]),
            ("^[é]$", ["é"], ["e\u{301}"]),
        ])
    func matches(pattern: String, fits: [String], refused: [String]) throws {
        let schema = try JSONSchema(["type": "string", "pattern": .string(pattern)])
        for text in fits { #expect(schema.validate(.string(text)) == nil, "\(text)") }
        for text in refused { #expect(schema.validate(.string(text)) != nil, "\(text)") }
    }

    @Test(
        "what Swift reads otherwise is refused",
        arguments: [
            ("^(?i)a$", "expected no options in a group"),
            ("^(?i:a)$", "expected no options in a group"),
            ("^a*+$", "expected no + after a quantifier"),
            ("^a{2}+$", "expected no + after a quantifier"),
            ("^[[:alpha:]]$", #"expected [ in a class to be written \["#),
            ("^[a-z&&b]$", "expected no && and -- and ~~ in a class"),
            ("^[]a]$", #"expected a class with an element, in which ] is written \]"#),
            ("^[^]a]$", #"expected a class with an element, in which ] is written \]"#),
        ])
    func differences(pattern: String, expectation: String) throws {
        let error = #expect(throws: SchemaFaults.self) {
            try JSONSchema(["type": "string", "pattern": .string(pattern)])
        }
        #expect(error?.faults.map(\.pointer) == ["/pattern"])
        #expect(error?.faults.first?.message.hasPrefix(expectation) == true, "\(String(describing: error))")
    }
}
