import JSON
import Testing

@testable import Ingress

@Suite("splicing parameters into a body")
struct SpliceTests {
    static let table: [(parameters: String, body: String?, message: String)] = [
        (#"{"id":"7"}"#, nil, #"{"id":"7"}"#),
        (#"{"id":"7"}"#, "", #"{"id":"7"}"#),
        (#"{"id":"7"}"#, #"{"status":"shipped"}"#, #"{"status":"shipped","id":"7"}"#),
        (#"{"id":"7"}"#, "{}", #"{"id":"7"}"#),
        (#"{"id":"7"}"#, " \t\r\n{ \n}", " \t\r\n{ \n" + #""id":"7"}"#),
        (#"{"id":"7"}"#, " {\n  \"a\": 1 }\n", " {\n  \"a\": 1 ,\"id\":\"7\"}"),
        (#"{"id":"7","limit":10}"#, #"{"a":[{}]}"#, #"{"a":[{}],"id":"7","limit":10}"#),
        ("{}", #"{"a":1}"#, #"{"a":1}"#),
        ("{}", nil, "{}"),
        // Nothing to splice: whatever it is goes to the worker, which refuses it.
        ("{}", "[1]", "[1]"),
        ("{}", "not json", "not json"),
        // The worker sees what is wrong between the braces, where the client wrote it.
        (#"{"id":"7"}"#, #"{"id":"8"}"#, #"{"id":"8","id":"7"}"#),
        (#"{"id":"7"}"#, #"{"a":1}{"b":2}"#, #"{"a":1}{"b":2,"id":"7"}"#),
        (#"{"id":"7"}"#, #"{"a"}"#, #"{"a","id":"7"}"#),
    ]

    @Test("the message is the parameters and then the members of the body", arguments: table)
    func splices(_ parameters: String, _ body: String?, _ message: String) {
        #expect(splice(parameters, body) == message)
    }

    @Test(
        "nothing can be put into a body that is no object",
        arguments: ["[1]", "null", "\"{\"", "7", "  ", "x{}", "\u{feff}{}", "<a/>", "{", "{}x", "[{}", "}", "{\"a\":1"])
    func refusesOtherBodies(_ body: String) {
        #expect(splice(#"{"id":"7"}"#, body) == nil)
    }

    private func splice(_ parameters: String, _ body: String?) -> String? {
        let parameters = Array(parameters.utf8)
        let bytes =
            if let body {
                Array(body.utf8).withUnsafeBytes { Splice.message(parameters: parameters, body: $0) }
            } else {
                Splice.message(parameters: parameters, body: nil)
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
