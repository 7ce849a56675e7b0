import Testing

struct GoodDocument: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    /// The compact form.
    let rewritten: String

    init(_ text: String, as rewritten: String? = nil) {
        bytes = Array(text.utf8)
        self.rewritten = rewritten ?? text
    }

    var testDescription: String { String(decoding: bytes, as: UTF8.self) }
}

struct BadDocument: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let offset: Int
    let message: String

    init(_ text: String, _ offset: Int, _ message: String) {
        self.init(bytes: Array(text.utf8), offset, message)
    }

    init(bytes: [UInt8], _ offset: Int, _ message: String) {
        self.bytes = bytes
        self.offset = offset
        self.message = message
    }

    var testDescription: String { String(decoding: bytes, as: UTF8.self) }
}

enum GoodDocuments {
    static let all: [GoodDocument] = [
        .init("null"), .init("true"), .init("false"), .init("0"), .init("-0"), .init("7"), .init("-1"), .init("10"),
        .init("59.98"), .init("0.5"), .init("-0.0"), .init("1e2"), .init("1E2"), .init("1e+2"), .init("1e-2"),
        .init("1.50e-10"), .init("123456789012345678901234567890"), .init("0e0"), .init("0e99999"), .init("100"),
        .init(#""""#), .init(#""a""#), .init(#""a/b""#), .init(#""é""#), .init(#""日本語""#), .init(#""😀""#),
        .init(#""\"\\""#), .init(#""\/""#, as: #""/""#), .init(#""\b\f\n\r\t""#), .init(#""\u0041""#, as: #""A""#),
        .init(#""\u00e9""#, as: #""é""#), .init(#""\u00E9""#, as: #""é""#), .init(#""\u20ac""#, as: #""€""#),
        .init(#""\ud83d\ude00""#, as: #""😀""#), .init(#""\uD83D\uDE00x""#, as: #""😀x""#), .init(#""\u0001""#),
        .init(#""\u001f""#), .init(#""\u007f""#, as: "\"\u{7F}\""), .init(#""\ufffe""#, as: "\"\u{FFFE}\""),
        .init(#""\udbff\udfff""#, as: "\"\u{10FFFF}\""), .init("\"\u{2028}\u{2029}\""), .init("\"\u{7F}\""),
        .init(#""\\u0000""#), .init(#""é\né""#), .init("[]"), .init("{}"), .init("[ ]", as: "[]"),
        .init("{ }", as: "{}"), .init("[1,2,3]"), .init("[1 , 2]", as: "[1,2]"), .init("[[],[[]],{}]"),
        .init(#"{"a":1}"#), .init(#"{"":0}"#), .init(#"{ "a" : 1 , "b" : [ ] }"#, as: #"{"a":1,"b":[]}"#),
        .init(" \t\r\n1\n", as: "1"), .init(#"{"a":{"a":{"a":null}}}"#), .init(#"{"\u0061":1}"#, as: #"{"a":1}"#),
        .init(#"{"a":1,"A":2}"#), .init(#"[null,true,false,"x",1.0]"#), .init("\"\u{10FFFF}\""), .init(#"{"é":1}"#),
        .init(#""a fairly long text without any escape at all, longer than sixteen bytes""#),
    ]
}

enum BadDocuments {
    static let all: [BadDocument] = structure + numbers + strings + encodings

    private static let structure: [BadDocument] = [
        .init("", 0, "expected a value, got the end of the input"), .init(" ", 1, "expected a value"),
        .init("[", 1, "expected a value"), .init("]", 0, "expected a value, got ']'"),
        .init("{", 1, "expected a member name"),
        .init("}", 0, "expected a value"), .init("[1", 2, "expected ',' or ']'"), .init("[1,", 3, "expected a value"),
        .init("[1,]", 3, "expected a value, got ']'"), .init("[,1]", 1, "expected a value, got ','"),
        .init("[1 2]", 3, "expected ',' or ']', got '2'"), .init("[1}", 2, "expected ',' or ']'"),
        .init("{\"a\"}", 4, "expected ':'"), .init("{\"a\" 1}", 5, "expected ':'"),
        .init("{\"a\":}", 5, "expected a value"),
        .init("{\"a\":1,}", 7, "expected a member name"), .init("{\"a\":1 \"b\":2}", 7, "expected ',' or '}'"),
        .init("{a:1}", 1, "expected a member name in double quotes, got 'a'"),
        .init("{'a':1}", 1, "expected a member name"),
        .init("{1:1}", 1, "expected a member name"), .init("{\"a\":1", 6, "expected ',' or '}', got the end"),
        .init("{\"a\":1]", 6, "expected ',' or '}'"), .init("1 2", 2, "expected the end of the document, got '2'"),
        .init("{}{}", 2, "expected the end of the document"), .init("{}x", 2, "expected the end"),
        .init("null,", 4, "expected the end"), .init("nul", 0, "expected null"), .init("nulll", 4, "expected the end"),
        .init("True", 0, "expected a value"), .init("tru", 0, "expected true"), .init("falsy", 0, "expected false"),
        .init("undefined", 0, "expected a value"), .init("NaN", 0, "expected a value"),
        .init("Infinity", 0, "expected a value"),
        .init("// c\n1", 0, "expected a value"), .init("/* c */1", 0, "expected a value"),
        .init("[1]//", 3, "expected the end"),
        .init("'a'", 0, "expected a value"), .init("[\u{0B}1]", 1, "got byte 0x0B"),
        .init("[\u{A0}1]", 1, "got byte 0xC2"),
        .init(bytes: [0x5B, 0x00, 0x5D], 1, "got byte 0x00"), .init("{\"a\":1,\"a\":1}", 7, "appears twice"),
        .init(#"{"a":1,"\u0061":2}"#, 7, "appears twice"), .init("{\"a\":{\"b\":1,\"b\":1}}", 12, "appears twice"),
    ]

    private static let numbers: [BadDocument] = [
        .init("01", 0, "leading zeros"), .init("-01", 1, "leading zeros"), .init("00", 0, "leading zeros"),
        .init("+1", 0, "expected a value, got '+'"), .init("-", 1, "expected a digit"),
        .init("--1", 1, "expected a digit"),
        .init(".5", 0, "expected a value"), .init("-.5", 1, "expected a digit"), .init("1.", 2, "expected a digit"),
        .init("1.e1", 2, "expected a digit, got 'e'"), .init("1e", 2, "expected a digit"),
        .init("1e+", 3, "expected a digit"),
        .init("1e1.5", 3, "expected the end"), .init("0x10", 1, "expected the end"),
        .init("1_000", 1, "expected the end"),
        .init("1,5", 1, "expected the end"), .init("-Infinity", 1, "expected a digit"),
        .init("[1.2.3]", 4, "expected ','"),
        .init("١", 0, "got byte 0xD9"),
    ]

    private static let strings: [BadDocument] = [
        .init("\"", 0, "not closed"), .init("\"abc", 0, "not closed"), .init("[\"a]", 1, "not closed"),
        .init("\"a\nb\"", 2, "must be escaped"), .init("\"\t\"", 1, "must be escaped"),
        .init(bytes: [0x22, 0x00, 0x22], 1, "must be escaped"), .init("\"\\n\u{1F}\"", 3, "must be escaped"),
        .init(#""\"#, 2, "after a backslash, got the end"), .init(#""\x41""#, 2, "after a backslash, got 'x'"),
        .init(#""\'""#, 2, "after a backslash"), .init(#""\u""#, 3, "four hexadecimal digits"),
        .init(#""\u12""#, 5, "four hexadecimal digits"), .init(#""\u12g4""#, 5, "four hexadecimal digits"),
        .init(#""\U0041""#, 2, "after a backslash"), .init(#""\u0000""#, 1, "\\u0000 is not allowed"),
        .init(#""a\u0000""#, 2, "\\u0000 is not allowed"), .init(#""\ud800""#, 1, "a surrogate stands alone"),
        .init(#""\udc00""#, 1, "a surrogate stands alone"), .init(#""\ud800x""#, 1, "a surrogate stands alone"),
        .init(#""\ud800\n""#, 1, "a surrogate stands alone"), .init(#""\ud800\ud800""#, 1, "a surrogate stands alone"),
        .init(#""\ud800\u0041""#, 1, "a surrogate stands alone"),
        .init(#""\udfff\ud800""#, 1, "a surrogate stands alone"),
        .init(#""\ud800\u""#, 9, "four hexadecimal digits"), .init(#"{"\ud800":1}"#, 2, "a surrogate stands alone"),
        .init(#""\"# + "\n\"", 2, "after a backslash, got byte 0x0A"),
    ]

    private static let encodings: [BadDocument] = [
        .init(bytes: [0xEF, 0xBB, 0xBF, 0x31], 0, "byte order mark"),
        .init(bytes: [0xFE, 0xFF, 0, 0x31], 0, "expected a value"),
        quoted([0x80], 1), quoted([0xBF], 1), quoted([0xC0, 0xAF], 1), quoted([0xC1, 0x81], 1), quoted([0xC3], 1),
        quoted([0xC3, 0x28], 1), quoted([0xE0, 0x80, 0x80], 1), quoted([0xE2, 0x82], 1), quoted([0xE2, 0x28, 0xA1], 1),
        quoted([0xED, 0xA0, 0x80], 1), quoted([0xED, 0xBF, 0xBF], 1), quoted([0xF0, 0x80, 0x80, 0x80], 1),
        quoted([0xF0, 0x9F, 0x98], 1), quoted([0xF4, 0x90, 0x80, 0x80], 1), quoted([0xF5, 0x80, 0x80, 0x80], 1),
        quoted([0xFF], 1), quoted([0x61, 0xC3, 0xA9, 0xFF], 4), quoted([0x5C, 0x6E, 0xFF], 3),
        quoted([0xC3, 0x5C, 0x6E, 0xA9], 1),
    ]

    private static func quoted(_ bytes: [UInt8], _ offset: Int) -> BadDocument {
        BadDocument(bytes: [0x22] + bytes + [0x22], offset, "invalid UTF-8")
    }
}
