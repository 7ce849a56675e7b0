import Contracts
import FoundationEssentials
import NIOHTTP1
import Telemetry
import Testing

@testable import Ingress

@Suite("header values")
struct HeaderValueTests {
    // MARK: - Idempotency-Key

    @Test(
        "a key is the same quoted and bare",
        arguments: [
            ("abc", "abc"), ("\"abc\"", "abc"), ("\"a b\"", "a b"), (#""a\"b\\c""#, #"a"b\c"#), ("a,b;c=d", "a,b;c=d"),
            ("8e03978e-40d5-43e8-bc93-6894a57f9324", "8e03978e-40d5-43e8-bc93-6894a57f9324"),
        ])
    func acceptsKeys(_ header: String, _ key: String) {
        #expect(IdempotencyKey.parse(header: header) == key)
    }

    @Test(
        "malformed keys are refused",
        arguments: [
            "", "\"\"", "\"", "\"abc", "abc\"", "\"a\"b", "\"a\";p=1", "a b", "é", "a\u{7f}", "a\tb", "\" a\"",
            "\"a \"",
            #""\a""#, #""a\""#, "a\r\nFlotilla-Actor: staff:1",
        ])
    func refusesKeys(_ header: String) {
        #expect(IdempotencyKey.parse(header: header) == nil)
    }

    @Test("a key has at most 255 characters")
    func keyLength() {
        #expect(IdempotencyKey.parse(header: String(repeating: "k", count: 255)) != nil)
        #expect(IdempotencyKey.parse(header: String(repeating: "k", count: 256)) == nil)
        #expect(IdempotencyKey.parse(header: "\"" + String(repeating: "k", count: 255) + "\"") != nil)
        #expect(IdempotencyKey.parse(header: "\"" + String(repeating: "k", count: 256) + "\"") == nil)
    }

    // MARK: - traceparent

    static let trace = "0af7651916cd43dd8448eb211c80319c"

    @Test(
        "a valid trace is continued under a new span",
        arguments: [
            "00-\(trace)-b7ad6b7169203331-01", "00-\(trace)-b7ad6b7169203331-00", "cc-\(trace)-b7ad6b7169203331-01",
            "cc-\(trace)-b7ad6b7169203331-01-what-the-future-brings",
        ])
    func continuesTrace(_ incoming: String) {
        var random = RandomBits()
        let outgoing = TraceParent.continued(incoming, random: &random)
        #expect(outgoing.hasPrefix("00-\(Self.trace)-"))
        #expect(!outgoing.contains("b7ad6b7169203331"))
        #expect(outgoing.hasSuffix(incoming.contains("3331-01") ? "-01" : "-00"))
        var copy = outgoing
        #expect(TraceParent.isValid(&copy))
    }

    @Test(
        "a malformed trace is replaced",
        arguments: [
            nil, "", "00", "00-\(trace.uppercased())-b7ad6b7169203331-01", "ff-\(trace)-b7ad6b7169203331-01",
            "00-\(String(repeating: "0", count: 32))-b7ad6b7169203331-01", "00-\(trace)-0000000000000000-01",
            "00-\(trace)-b7ad6b7169203331-01-more", "00-\(trace)-b7ad6b716920333g-01",
            "00_\(trace)-b7ad6b7169203331-01",
            "cc-\(trace)-b7ad6b7169203331-01x",
        ])
    func replacesTrace(_ incoming: String?) {
        var random = RandomBits()
        var outgoing = TraceParent.continued(incoming, random: &random)
        #expect(!outgoing.contains(Self.trace))
        #expect(TraceParent.isValid(&outgoing))
        #expect(outgoing.utf8.count == 55)
    }

    // MARK: - Content-Type

    @Test(
        "JSON is recognised",
        arguments: [
            ("application/json", true), ("Application/JSON", true), ("application/json; charset=utf-8", true),
            ("application/json;charset=\"UTF-8\"", true), ("application/json ; v=1", true),
            ("application/json; charset=latin1", false), ("text/plain", false), ("application/jsonx", false),
            ("", false),
            (";", false), ("application/json, text/plain", false), ("text/plain; application/json", false),
        ])
    func recognisesJSON(_ value: String, _ isJSON: Bool) {
        #expect(RequestHeaders(["content-type": value]).announcesJSON == isJSON)
    }

    @Test("fields are found in any case and repeated ones are told")
    func picksFields() {
        let headers = RequestHeaders([
            "HOST": "a", "Authorization": "x", "AUTHORIZATION": "y", "Content-Length": "7", "flotilla-actor": "staff:1",
        ])
        #expect(headers.hosts == 1)
        #expect(headers.contentLength == 7)
        #expect(headers.repeated.map { "\($0)" } == "Authorization")
    }

    // MARK: - Date

    @Test(
        "the date is written as HTTP has it",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
        ])
    func writesDate(_ second: Int64, _ text: String) {
        #expect(HTTPDate.text(second: second) == text)
    }
}
