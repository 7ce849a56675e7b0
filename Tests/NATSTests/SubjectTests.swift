import NATS
import Testing

@Suite("Subjects and header fields")
struct SubjectTests {
    @Test(
        "a token is 1 to 64 letters, digits, underscores and hyphens",
        arguments: [
            ("abc", true), ("A-1_z", true), (String(repeating: "x", count: 64), true), ("", false),
            (String(repeating: "x", count: 65), false), ("a.b", false), ("a b", false), ("a\r\nPUB x 0", false),
            ("*", false), (">", false), ("ä", false), ("a\0", false), ("$SRV", false),
        ])
    func tokens(token: String, isValid: Bool) {
        #expect(SubjectToken.isValid(token) == isValid)
    }

    @Test(
        "messages go to subjects of printable tokens without wildcards",
        arguments: [
            ("orders.create", true), ("$SRV.PING", true), ("$JS.API.STREAM.INFO.X", true), ("_INBOX.ab.c", true),
            ("order-events.3.0193.ORDER_CREATED", true), ("", false), (".a", false), ("a.", false), ("a..b", false),
            ("a b", false), ("a\r\nb", false), ("a\tb", false), ("a.*", false), ("a.>", false), ("a*b", false),
            ("grün", false), ("a\0b", false), (String(repeating: "x", count: 1_025), false),
        ])
    func publishable(subject: String, isValid: Bool) {
        #expect(Subject.isPublishable(subject) == isValid)
    }

    @Test(
        "wildcards are whole tokens, and the full wildcard is the last",
        arguments: [
            ("orders.*", true), ("*.create", true), ("orders.>", true), (">", true), ("*", true), ("a.*.b.>", true),
            ("orders.>.x", false), ("orders.a*", false), ("a>", false), ("a.>b", false), ("a b", false),
            ("a..>", false),
        ])
    func subscribable(subject: String, isValid: Bool) {
        #expect(Subject.isSubscribable(subject) == isValid)
    }

    @Test("header names and values that would inject, vanish or swallow are refused")
    func headers() {
        for name in ["traceparent", "Nats-Msg-Id", "X_1.2"] { #expect(NATSHeaders.isValidName(name)) }
        for name in ["", "a b", "a:", "a\r\nb", "ä", String(repeating: "n", count: 129)] {
            #expect(!NATSHeaders.isValidName(name))
        }
        for value in ["1", "a: b", "grün", "a b"] { #expect(NATSHeaders.isValidValue(value)) }
        for value in ["", " ", " a", "a ", "a\r\nX: y", "a\nb", "a\0b", "\t", "\u{7F}"] {
            #expect(!NATSHeaders.isValidValue(value))
        }
    }

    @Test("headers keep their order and repeated names")
    func headerList() {
        var headers: NATSHeaders = ["a": "1", "b": "2"]
        headers.append("a", "3")
        headers.append(contentsOf: [("c", "4")])
        #expect(headers.map(\.name) == ["a", "b", "a", "c"])
        #expect(headers["a"] == "1")
        #expect(headers["A"] == nil)
        #expect(([] as NATSHeaders).isEmpty)
    }
}
