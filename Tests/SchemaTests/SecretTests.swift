import JSON
import Schema
import Testing

@Suite("secrets")
struct SecretTests {
    @Test("nothing of a password is repeated in what is wrong with it", arguments: ["hunter2", "hun\u{1}ter2-hunter2"])
    func notEchoed(_ password: String) throws {
        let schema = try JSONSchema(
            JSONReader.parse(
                ##"{"type":"string","format":"password","minLength":8,"maxLength":72,"pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f]*$"}"##
            ))
        let error = try #require(schema.validate(.string(password)))
        #expect("\(error)" == "expected a string of 8 to 72 characters without control characters")
    }
}
