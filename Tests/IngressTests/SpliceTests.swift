import JSON
import Testing

@testable import Ingress

@Suite("splicing parameters into a body")
struct SpliceTests {
    static let table: [(parameters: String, body: String?, message: String)] = [
        (#"{"id":"7"}"#, nil, #"{"id":"7"}"#),
        (#"{"id":"7"}"#, "", #"{"id":"7"}"#),
        (#"{"id":"7"}"#, #"{"status":"shipped"}"#, #"{"id":"7","status":"shipped"}"#),
        (#"{"id":"7"}"#, "{}", #"{"id":"7"}"#),
        (#"{"id":"7"}"#, " \t\r\n{ \n}", #"{"id":"7" "# + "\n}"),
        (#"{"id":"7"}"#, " {\n  \"a\": 1 }", "{\"id\":\"7\",\n  \"a\": 1 }"),
        (#"{"id":"7","limit":10}"#, #"{"a":[{}]}"#, #"{"id":"7","limit":10,"a":[{}]}"#),
        ("{}", #"{"a":1}"#, #"{"a":1}"#),
        ("{}", nil, "{}"),
        // Nothing to splice: whatever it is goes to the worker, which refuses it.
        ("{}", "[1]", "[1]"),
        ("{}", "not json", "not json"),
        // The worker sees what is wrong behind the brace.
        (#"{"id":"7"}"#, "{", #"{"id":"7","#),
        (#"{"id":"7"}"#, #"{"id":"8"}"#, #"{"id":"7","id":"8"}"#),
        (#"{"id":"7"}"#, #"{"a":1}{"b":2}"#, #"{"id":"7","a":1}{"b":2}"#),
    ]

    @Test("the message is the parameters and then the members of the body", arguments: table)
    func splices(_ parameters: String, _ body: String?, _ message: String) throws {
        #expect(try splice(parameters, body) == message)
    }

    @Test(
        "a body that is no object is refused when there are parameters to put in",
        arguments: ["[1]", "null", "\"{\"", "7", "  ", "x{}", "\u{feff}{}", "<a/>"])
    func refusesOtherBodies(_ body: String) {
        #expect(throws: Refusal.self) { try splice(#"{"id":"7"}"#, body) }
    }

    private func splice(_ parameters: String, _ body: String?) throws -> String {
        guard let body else {
            return String(decoding: try Splice.message(parameters: Array(parameters.utf8), body: nil), as: UTF8.self)
        }
        let bytes = try Array(body.utf8).withUnsafeBytes {
            try Splice.message(parameters: Array(parameters.utf8), body: $0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
